import type { AuthError, AuthenticationResult } from '@carnet/browser'
import type { WatchedToken } from '@carnet/browser/component'
import { providedClient } from './context.ts'
import { tokenReader } from './reactive.ts'
import type { Current } from './use-auth.ts'

export interface CurrentToken extends Current<AuthenticationResult | undefined> {
  /**
   * The token; `undefined` until it is there, and while the account changes. If there is no token, reading it throws `error`, so
   * that the error reaches `<svelte:boundary>`. A component that handles the error reads `error` first.
   */
  readonly current: AuthenticationResult | undefined
  /** The reason why there is no token. */
  readonly error: AuthError | undefined
}

/**
 * Acquires a token without the user when it is first read, and follows its renewals and the active account while it is read. On a
 * server it acquires nothing. For another request, create the component anew (`{#key}`).
 */
export function useToken(request: WatchedToken): CurrentToken {
  const read = tokenReader(providedClient(), request)
  return {
    get current() {
      const { token, error } = read()
      if (error) throw error
      return token
    },
    get error() {
      return read().error
    },
  }
}
