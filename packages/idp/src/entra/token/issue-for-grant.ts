import type { Identity } from '../directory/directory.ts'
import { isRefusal, mfaRequired, type Refusal } from '../errors/refusals.ts'
import { policyChallenge, requiredFactors } from '../requests/factors.ts'
import type { Entra } from '../state/entra.ts'
import type { SignInGrant } from '../state/refresh-tokens.ts'
import type { Issue } from './issue-tokens.ts'
import { type Redemption, readTokenRequest, type TokenRequest } from './redemption.ts'

interface Granted {
  readonly grant: SignInGrant
  readonly identity: Identity
}

/** Reads a token request, and refuses it if the grant lacks a factor that a policy or the request demands. */
export function readGrantedRequest(
  entra: Entra,
  redemption: Pick<Redemption, 'call' | 'client'>,
  { grant, identity }: Granted,
): TokenRequest | Refusal {
  const request = readTokenRequest(entra, redemption, { grant, identity, claims: null })
  if (isRefusal(request)) return request
  const demanded = [...requiredFactors(entra.state.settings.get()), ...request.claims.contexts]
  const isMet = demanded.every((factor) => grant.factors.has(factor))
  return isMet ? request : mfaRequired(redemption.call.parameters.get('claims') ?? policyChallenge)
}

/** Answers a token request that needs no interaction: with a refresh token if its scope asks for one. */
export function issueForGrant(
  entra: Entra,
  redemption: Pick<Redemption, 'call' | 'client'>,
  granted: Granted,
): Issue | Refusal {
  const request = readGrantedRequest(entra, redemption, granted)
  if (isRefusal(request)) return request
  const { grant } = granted
  const isLasting = grant.scope.split(' ').includes('offline_access')
  return {
    ...request,
    ...granted,
    client: redemption.client,
    nonce: undefined,
    refreshToken: isLasting ? entra.refreshTokens.issue(grant) : undefined,
  }
}
