import type { AuthError, AuthenticationResult } from '@carnet/browser'
import { type TokenState, type WatchedToken, watchToken } from '@carnet/browser/component'
import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'
import { provided } from './context.ts'

export interface TokenAccessor extends Accessor<AuthenticationResult | undefined> {
  /** The reason why there is no token. */
  readonly error: AuthError | undefined
}

/**
 * Acquires a token without the user, and follows its renewals and the active account. On a server it acquires nothing.
 *
 * The accessor returns `undefined` until the token is there, and while the account changes. If there is no token, it throws
 * `error`, so that the error reaches an `ErrorBoundary`. A component that handles the error reads `error` first.
 *
 * @param request Returns the request. If its signals change, the token of the new request is acquired.
 */
export function useToken(request: Accessor<WatchedToken>): TokenAccessor {
  const { client } = provided()
  const [state, setState] = createSignal<TokenState>({})
  // A server runs no effect.
  createEffect(() => {
    setState({})
    onCleanup(watchToken(client, request(), setState))
  })
  const token = () => {
    const { token, error } = state()
    if (error) throw error
    return token
  }
  return Object.defineProperty(token, 'error', { get: () => state().error }) as TokenAccessor
}
