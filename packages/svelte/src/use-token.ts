import type { AuthError, AuthenticationResult } from '@carnet/browser'
import { type TokenState, tokenOf, type WatchedToken, watchToken } from '@carnet/browser/component'
import type { ClientInput } from '@carnet/browser/snapshot'
import { provided } from './context.ts'
import { type MaybeGetter, trackedReader } from './reactive.ts'

export interface CurrentToken {
  /**
   * The token; `undefined` until it is there, and while the account or the request changes. If there is no token, reading it throws
   * `error`, so that the error reaches `<svelte:boundary>`. A component that handles the error reads `error` first.
   */
  readonly current: AuthenticationResult | undefined
  /** The reason why there is no token. */
  readonly error: AuthError | undefined
}

/**
 * Acquires a token without the user when an effect or a template first reads it, and follows its renewals and the active account
 * while it is read. On a server it acquires nothing.
 *
 * @param request The request, or a function that returns it: if its signals change, the token of the new request is acquired.
 */
export function useToken(request: MaybeGetter<WatchedToken>): CurrentToken {
  const { client } = provided()
  let text: string | undefined
  let read = (): TokenState => ({})
  function state(): TokenState {
    // Equal requests have equal texts. A text holds no proxies of `$state`, which could not be sent to a worker.
    const wanted = JSON.stringify(typeof request === 'function' ? request() : request)
    // Each request has its own state, so a late answer cannot replace the answer of a newer request.
    if (wanted !== text) read = stateReader(client, JSON.parse(wanted))
    text = wanted
    return read()
  }
  return {
    get current() {
      return tokenOf(state())
    },
    get error() {
      return state().error
    },
  }
}

function stateReader(client: ClientInput, request: WatchedToken): () => TokenState {
  let state: TokenState = {}
  const follow = (onChange: () => void) =>
    watchToken(client, request, (next) => {
      state = next
      onChange()
    })
  return trackedReader(follow, () => state)
}
