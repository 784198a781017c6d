import { type Account, AuthError, accountKey, InteractionRequiredError } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { AnswerFromCache } from '../startup/answer-from-cache.ts'
import type { EngineLoader } from '../startup/engine-loader.ts'
import type { StartContext } from '../startup/start-context.ts'
import { type Call, nameOfCall, type Wish } from './call.ts'

/** A body should reach the API before its token expires. */
const LIFE_FOR_BIG_BODY_MS = 60_000

/** The parts that the calls of APIs use. */
export interface CallDeps {
  readonly context: StartContext
  readonly auth: AuthClient
  /** Answers from memory, or `undefined`. */
  readonly peek: (request: SilentRequest) => ReturnType<AnswerFromCache>
  readonly loader: Pick<EngineLoader, 'assertOpen' | 'start'>
}

/** Creates the acquisition of tokens for calls. */
export function createCallTokens({ auth, peek, context }: CallDeps) {
  /** Scopes and resource that an API asked for, by account and key: later calls ask for them at once. */
  const learned = new Map<string, Pick<Wish, 'scopes' | 'resource'>>()
  const nameOf = (call: Call, account: Account) => `${accountKey(account)} ${nameOfCall(call)}`

  function wishOf(call: Call): Wish | undefined {
    const account = call.options.account ?? auth.activeAccount
    if (!account) return undefined
    const { match, options } = call
    const own = { scopes: options.scopes ?? match.scopes, resource: match.resource }
    return { ...own, ...learned.get(nameOf(call, account)), account }
  }

  /** @throws InteractionRequiredError `no_account` */
  function wishFor(call: Call): Wish {
    const wish = wishOf(call)
    if (wish) return wish
    const { scopes, resource } = call.match
    throw new InteractionRequiredError(
      'no_account',
      'The URL needs a token, but no user is signed in, or no account is active.',
      { scopes, resource },
    )
  }

  /** The token of memory; `undefined` if memory has none, or if it ends during the request. */
  function inMemory(wish: Wish, isBig: boolean): AuthenticationResult | undefined {
    const found = peek(wish)
    if (found === undefined || found instanceof Promise) return undefined
    return isBig && endsSoon(found) ? undefined : found
  }

  const endsSoon = ({ expiresOn }: AuthenticationResult) =>
    expiresOn.getTime() - context.config.now() < LIFE_FOR_BIG_BODY_MS

  async function acquire(wish: Wish, isBig: boolean, signal?: AbortSignal) {
    const token = await auth.acquireTokenSilent({ ...wish, signal })
    if (!isBig || !token.fromCache || !endsSoon(token)) return token
    // The token is still valid: without a newer token the request is sent with it.
    return auth.acquireTokenSilent({ ...wish, signal, forceRefresh: true }).catch((error) => {
      if (signal?.aborted) throw error
      return token
    })
  }

  return {
    wishOf,
    wishFor,
    inMemory,
    acquire,
    learn(call: Call, { account, scopes, resource }: Wish): void {
      learned.set(nameOf(call, account), { scopes, resource })
    },
  }
}

export type CallTokens = ReturnType<typeof createCallTokens>

/** The error for a URL that gets no token. */
export const noTokenFor = (url: string, reason: string): AuthError =>
  new AuthError('invalid_request', `${new URL(url).origin} gets no token here: ${reason}.`)
