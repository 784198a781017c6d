import type { AuthError, AuthenticationResult } from '@carnet/browser'
import { type TokenState, tokenOf, type WatchedToken, watchToken } from '@carnet/browser/component'
import {
  type Accessor,
  createComputed,
  createMemo,
  createResource,
  createSignal,
  onCleanup,
  onMount,
  sharedConfig,
  startTransition,
  untrack,
} from 'solid-js'
import { isServer } from 'solid-js/web'
import { provided } from './context.ts'

export interface TokenAccessor extends Accessor<AuthenticationResult | undefined> {
  /** The reason why there is no token. */
  readonly error: AuthError | undefined
}

/**
 * Acquires a token without the user, and follows its renewals and the active account. On a server it acquires nothing.
 *
 * The accessor suspends until the token is there, and while the account or the request changes: a `Suspense` boundary shows its
 * fallback, and without one the accessor returns `undefined`. If there is no token, it throws `error`, so that the error reaches an
 * `ErrorBoundary`. A component that handles the error reads `error` first.
 *
 * @param request Returns the request. If its signals change, the token of the new request is acquired.
 */
export function useToken(request: Accessor<WatchedToken>): TokenAccessor {
  const { client } = provided()
  // Equal requests have equal texts. A text holds no proxies of a store, which could not be sent to a worker.
  const wanted = createMemo(() => JSON.stringify(request()))
  const [state, setState] = createSignal<TokenState>({})
  let answer = (): void => undefined
  const [answered, setAnswered] = createSignal<Promise<void>>()
  // Readers wait for this resource. It has no value: a resource keeps its value while it waits for the next one.
  const [wait] = createResource(answered, (promise) => promise)
  function report(next: TokenState): void {
    setState(next)
    if (next.token || next.error) answer()
    else suspend()
  }
  const suspend = () => setAnswered(new Promise<void>((resolve) => (answer = resolve)))
  // A page of a server has no token, and its hydration begins without one.
  const [isLive, setLive] = createSignal(!isServer && !sharedConfig.context)
  onMount(() => setLive(true))
  // Not an effect: while a boundary shows its fallback, the effects in it wait.
  createComputed(() => {
    if (!isLive()) return
    let isInTransition = false
    // Solid joins a running transition at once. The page before keeps its token, which a change of the state would remove.
    if (untrack(state).token) void startTransition(() => (isInTransition = true))
    if (isInTransition) suspend()
    else report({})
    onCleanup(watchToken(client, JSON.parse(wanted()), report))
  })
  const token = () => {
    wait()
    return tokenOf(state())
  }
  return Object.defineProperty(token, 'error', { get: () => state().error }) as TokenAccessor
}
