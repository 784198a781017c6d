import { type Account, type AuthError, accountKey, notSignedIn } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { createCacheAnswers, type RequestMode } from './answer-from-cache.ts'
import { createApiCalls } from './api-calls.ts'
import { createClicks } from './clicks.ts'
import type { Engine, PassedCall } from './engine-api.ts'
import type { EngineLoader } from './engine-loader.ts'
import type { StartContext } from './start-context.ts'

/** The names in `PassedCall`: one text is the shortest form. */
const PASSED_CALLS =
  'acquireTokens acquireTokenRedirect userInfo ssoSilent forecast removeAccount clear completeRedirect completeSignOut importSession revokeTokens peek metadata setAccountData getAccountData startRenewal stopRenewal'

/** The outcome of the response in the URL. */
export interface RedirectOutcome {
  readonly result?: AuthenticationResult | null | undefined
  readonly error?: AuthError
}

/** Creates the public interface of a client. It answers from the cache, and passes all other calls to the engine. */
export function createAuth(
  context: StartContext,
  loader: EngineLoader,
  /** The changes of other tabs that are being applied. */
  changes: () => Promise<void> | undefined,
  redirect: () => RedirectOutcome,
): AuthClient {
  const { accounts, events, page, snapshots } = context
  const { callEngine, assertOpen } = loader
  const fromCache = createCacheAnswers(context, loader.used)
  const callInClick = createClicks(context, loader)

  /** Answers from the cache, or passes the request to the engine. */
  async function answer(
    request: SilentRequest,
    mode: RequestMode,
    call: (engine: Engine) => Promise<AuthenticationResult>,
  ): Promise<AuthenticationResult> {
    assertOpen()
    const applying = changes()
    if (applying !== undefined) await applying
    const found = fromCache(request, mode)
    // A token in memory is returned without another microtask.
    return (found instanceof Promise ? await found : found) ?? callEngine(call)
  }

  const peek = (request: SilentRequest) =>
    changes() === undefined ? fromCache(request, 'silent') : undefined

  function knownAccount(account: Account): Account {
    const known = accounts.record(account)?.account
    if (!known) throw notSignedIn()
    return known
  }

  const auth: AuthClient = {
    ...createApiCalls(context, loader, peek, () => auth),
    consent: {
      plan: (scopes, question) => callEngine(({ consent }) => consent.plan(scopes, question)),
      entries: (account) => callEngine(({ consent }) => consent.entries(account)),
    },
    get accounts() {
      return accounts.list()
    },
    get activeAccount() {
      return accounts.active() ?? null
    },
    snapshot: snapshots.read,
    get redirectResult() {
      return redirect().result ?? null
    },
    get redirectError() {
      return redirect().error ?? null
    },
    get renewals() {
      return loader.engine()?.renewals() ?? NO_RENEWALS
    },

    setActiveAccount(account) {
      assertOpen()
      const known = account === null ? undefined : knownAccount(account)
      accounts.setActive(known && accountKey(known))
      snapshots.publish()
      void callEngine(async (there) => there.activated(known)).catch(() => undefined)
    },

    idTokenOf: (account = accounts.active()) => account && accounts.record(account)?.idToken,
    // The types of the arguments are those of the public interface.
    ...(Object.fromEntries(
      PASSED_CALLS.split(' ').map((name) => [
        name,
        (...given: unknown[]) => {
          const href = page.href() // Another call may clean it soon.
          return callEngine((there) => there.pass(name as PassedCall, given, href))
        },
      ]),
    ) as unknown as Pick<AuthClient, PassedCall>),

    acquireToken: (request) =>
      answer(request, 'interactive', (there) => there.acquireToken(request)),
    acquireTokenSilent: (request) =>
      answer(request, 'silent', (there) => there.acquireTokenSilent(request)),
    acquireTokenPopup: (request) =>
      callInClick({ ...request, interaction: 'popup' }, (there, opened) =>
        there.acquireTokenPopup(request, opened),
      ),
    signIn: (request) =>
      callInClick({ ...request }, (there, opened) => there.signIn(request, opened)),
    signOut: (request) =>
      callInClick({ ...request }, (there, opened) => there.signOut(request, opened), 'signOut'),
    on: events.on,
    close: loader.close,
  }
  return auth
}

const NO_RENEWALS: AuthClient['renewals'] = Object.freeze([])
