import type { AuthError } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { type ClientInput, createSource } from './snapshot.ts'

/**
 * A request for a token that a component shows or uses. Fields that the cache cannot answer are left out: call
 * `auth.acquireTokenSilent` for them.
 */
export type WatchedToken = Omit<SilentRequest, 'signal' | 'forceRefresh' | 'sources' | 'claims'>

/** The token of a request at one moment. Both fields are `undefined` until the first answer, and while the account changes. */
export interface TokenState {
  readonly token?: AuthenticationResult | undefined
  /** The reason why there is no token. Pass the `request` of an `InteractionRequiredError` to `auth.acquireTokenPopup`. */
  readonly error?: AuthError | undefined
}

/**
 * Returns the token of a state.
 *
 * @throws AuthError the error of the state, for the error boundary of the framework.
 */
export function tokenOf({ token, error }: TokenState): AuthenticationResult | undefined {
  if (error) throw error
  return token
}

/** The longest delay of `setTimeout`. */
const LONGEST_MS = 2 ** 31 - 1

/**
 * Acquires a token without the user, and reports it. Later it reports each new token: after a renewal, after an interaction of
 * any tab, and for another active account. A token that expires is acquired again. A renewal of another token, or one with the same outcome, is not reported.
 *
 * @returns A function that ends it. The request for a token may continue, but is not reported.
 */
export function watchToken(
  client: ClientInput,
  request: WatchedToken,
  report: (state: TokenState) => void,
): () => void {
  // On a server nothing would ever end the wait.
  if (!client) return () => undefined
  const ending = new AbortController()
  createSource(client).ready.then(
    (auth) => {
      if (!ending.signal.aborted) follow(auth, request, report, ending.signal)
    },
    (error) => {
      if (!ending.signal.aborted) report({ error })
    },
  )
  return () => ending.abort()
}

function follow(
  auth: AuthClient,
  request: WatchedToken,
  report: (state: TokenState) => void,
  signal: AbortSignal,
): void {
  let last: TokenState = {}
  /** Counts the accounts. An answer for an earlier account is not reported. */
  let epoch = 0
  let expiring: ReturnType<typeof setTimeout> | undefined
  const tell = (state: TokenState) => {
    if (state.token === last.token && state.error === last.error) return
    last = state
    clearTimeout(expiring)
    const restMs = (state.token?.expiresOn.getTime() ?? 0) - Date.now()
    if (state.token && restMs < LONGEST_MS) expiring = setTimeout(renew, restMs)
    report(state)
  }

  /** Never rejects. */
  async function ask(
    sources: Pick<SilentRequest, 'sources'>,
    onError: (error: AuthError) => void,
  ): Promise<void> {
    const own = epoch
    const isCurrent = () => own === epoch && !signal.aborted
    try {
      const token = await auth.acquireTokenSilent({ ...request, ...sources, signal })
      if (isCurrent()) tell({ token })
    } catch (error) {
      if (isCurrent()) onError(error as AuthError)
    }
  }

  const acquire = () =>
    ask({}, (error) => {
      if (!last.token) tell({ error })
    })
  /** No event says that a token has expired: a session may have ended without a renewal. */
  const renew = () => ask({}, (error) => tell({ error }))
  // The event of a renewal starts no request, because a request would cause the next event.
  const readCache = (onMissing: () => void) => ask({ sources: ['cache'] }, onMissing)

  const stops = [
    auth.on('tokenAcquired', () => void acquire()),
    auth.on('tokenRenewed', () => void readCache(() => undefined)),
    auth.on('renewalFailed', ({ error }) => void readCache(() => tell({ error }))),
    auth.on('activeAccountChanged', () => {
      if (request.account) return
      epoch += 1
      tell({})
      void acquire()
    }),
  ]
  signal.addEventListener('abort', () => {
    clearTimeout(expiring)
    for (const stop of stops) stop()
  })
  void acquire()
}
