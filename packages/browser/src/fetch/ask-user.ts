import type { AuthErrorCode } from '@carnet/core'
import { AuthError, accountKey, type InteractionRequiredError } from '@carnet/core/base'
import type { ApiChallenge } from '@carnet/core/resources'
import type { ChallengeKind, UserChallenge } from '../api/resource-calls.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Call } from './call.ts'
import type { DemandedToken } from './demanded-token.ts'
import type { Sharers } from './flights.ts'
import type { Resumables } from './resumables.ts'
import { createShownChallenges } from './shown-challenges.ts'
import type { CallDeps } from './tokens.ts'

/** A challenge that needs the user. */
export interface Occasion extends Sharers {
  readonly kind: ChallengeKind
  readonly challenge: ApiChallenge
  readonly call: Call
  readonly wish: DemandedToken
  readonly response: Response
}

/**
 * Asks the user as the call allows it. By default no challenge opens a window or leaves the page: the app is asked, or the call
 * fails.
 *
 * @param why The error that needs the user.
 */
export type AskUser = (
  why: InteractionRequiredError,
  occasion: Occasion,
) => Promise<AuthenticationResult>

/** Creates the ways to ask the user. */
export function createAskUser(
  { auth, context }: CallDeps,
  resumables: () => Promise<Resumables>,
): AskUser {
  const { given } = context.config
  const show = createShownChallenges(context.snapshots)

  /** Leaves the page. The calls that are resumable are stored before. */
  async function leave({ wish, calls }: Occasion): Promise<never> {
    const stored = await (await resumables()).store(calls, wish.account)
    return auth.acquireTokenRedirect(wish).catch(async (error) => {
      await stored.forget()
      throw error
    })
  }

  return (why, occasion) => {
    const { call, wish } = occasion
    const how = call.options.interaction ?? 'none'
    if (how === 'popup') return auth.acquireTokenPopup(wish)
    if (how === 'redirect') return leave(occasion)
    const { onChallenge } = given
    if (!onChallenge) return Promise.reject(why)
    return askApp(onChallenge === 'snapshot' ? show : onChallenge, occasion, {
      auth,
      closed: context.closed,
      // A popup opens in the same task as the click.
      ways: { popup: () => auth.acquireTokenPopup(wish), redirect: () => leave(occasion) },
    })
  }
}

type Ways = Record<'popup' | 'redirect', () => Promise<AuthenticationResult>>

/** Tells the app about the challenge, and waits for the decision of the user. */
function askApp(
  tell: (challenge: UserChallenge) => unknown,
  { kind, challenge, call, wish, response, abandoned }: Occasion,
  { auth, closed, ways }: Pick<CallDeps, 'auth'> & { closed: AbortSignal; ways: Ways },
): Promise<AuthenticationResult> {
  const ending = new AbortController()
  const { promise: decided, resolve, reject } = deferred<AuthenticationResult>()
  let asking: Promise<void> | undefined
  const fail = (code: AuthErrorCode, message: string) => () => reject(new AuthError(code, message))
  const removed = fail('account_not_found', 'The account was removed meanwhile.')
  const stop = auth.on('accountRemoved', ({ account }) => {
    if (accountKey(account) === accountKey(wish.account)) removed()
  })
  ending.signal.addEventListener('abort', stop)
  const onClosed = fail('client_closed', 'The client was closed.')
  closed.addEventListener('abort', onClosed, { signal: ending.signal })
  // An interaction that runs goes on: its token serves the next call.
  const endIfAbandoned = () => asking ?? (abandoned.aborted && reject(abandoned.reason))
  abandoned.addEventListener('abort', endIfAbandoned, { signal: ending.signal })
  endIfAbandoned()

  async function ask(how: 'popup' | 'redirect'): Promise<void> {
    try {
      resolve(await ways[how]())
    } catch (error) {
      asking = undefined
      // After a blocked popup the user can click again.
      if (!(error instanceof AuthError && error.code === 'popup_blocked')) reject(error)
      endIfAbandoned()
      throw error
    }
  }

  const { status, statusText, headers } = response
  const { acrValues = [], maxAgeMs } = challenge.kind === 'step_up' ? challenge : {}
  const about: UserChallenge = {
    ...{ kind, acrValues, maxAgeMs },
    resource: call.match.key,
    account: wish.account,
    scopes: wish.scopes,
    response: new Response(null, { status, statusText, headers }),
    ended: ending.signal,
    resolve(how) {
      asking ??= ask(how)
      return asking
    },
    refuse: fail('user_cancelled', 'The app refused the challenge.'),
  }
  const handled = (async () => abandoned.aborted || tell(about))()
  handled.catch(reject)
  return decided.finally(() => ending.abort())
}

/** `Promise.withResolvers`, which not all supported browsers have. */
function deferred<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve
    reject = onReject
  })
  return { promise, resolve, reject }
}
