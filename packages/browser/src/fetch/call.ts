import { type Account, AuthError } from '@carnet/core/base'
import type { ResourceMatch } from '@carnet/core/resources'
import type { CallOptions, ChallengeKind } from '../api/resource-calls.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Outgoing } from './outgoing.ts'

/** The match of a URL that gets a token. */
export type Attached = Extract<ResourceMatch, { attached: true }>

/** The parameters of the token of a call. */
export interface Wish {
  readonly scopes: readonly string[]
  readonly resource: string | undefined
  /** The account stays the same for all attempts, even if the app activates another account meanwhile. */
  readonly account: Account
}

/** One request of the app, with the memory of its remedies. */
export interface Call {
  readonly url: string
  readonly method: string
  readonly match: Attached
  readonly options: CallOptions
  readonly signal: AbortSignal | undefined
  /** The kinds of challenges that were answered: each is answered once. */
  readonly done: Set<ChallengeKind | 'newer'>
  /** The request without a token, for a resumable action. */
  readonly copy?: (() => Request) | undefined
}

/** An attempt: the token that was sent. */
export interface Attempt {
  readonly call: Call
  readonly token: Pick<AuthenticationResult, 'accessToken' | 'account'>
}

/** A call is repeated at most so often. */
export const MOST_REMEDIES = 3

/** The parts of a request that its token depends on. */
export type CallParts = Pick<Outgoing, 'url' | 'method' | 'signal' | 'options'> &
  Partial<Pick<Outgoing, 'copy'>>

/** The header of a bearer token. @throws AuthError `invalid_response` for a result without an access token. */
export function authorizationOf({
  tokenType,
  accessToken,
}: Pick<AuthenticationResult, 'tokenType' | 'accessToken'>): string {
  if (accessToken !== '') return `${tokenType} ${accessToken}`
  throw new AuthError(
    'invalid_response',
    'The provider issued no access token for these scopes: request a scope of the API.',
  )
}

/** True if each request with the token needs a proof of possession (RFC 9449). */
export const isBound = ({ tokenType }: Pick<AuthenticationResult, 'tokenType'>): boolean =>
  tokenType.toLowerCase() === 'dpop'

/** The settings of a call that count for its token, besides the account. */
export const nameOfCall = ({ match, options }: Pick<Call, 'match' | 'options'>): string =>
  JSON.stringify([match.key, match.scopes, match.resource, options.scopes])
