import type { AuthError, AuthenticationResult } from '@carnet/browser'
import { type TokenState, tokenOf, type WatchedToken, watchToken } from '@carnet/browser/component'
import { customRef, type MaybeRefOrGetter, type Ref, shallowRef, toValue, watch } from 'vue'
import { useIsHydrating, useIsKept } from './phases.ts'
import { injected } from './plugin.ts'

export interface TokenRefs {
  /**
   * The token; `undefined` until it is there, and while the account changes. If there is no token, reading it throws `error`, so
   * that the error reaches `onErrorCaptured`. A component that handles the error reads `error` first.
   */
  readonly token: Readonly<Ref<AuthenticationResult | undefined>>
  /** The reason why there is no token. */
  readonly error: Readonly<Ref<AuthError | undefined>>
}

/**
 * Acquires a token without the user, and follows its renewals and the active account. On a server, during hydration, and while
 * `<KeepAlive>` has deactivated the component, it acquires nothing.
 *
 * @param request A getter, a ref or a reactive object if the request changes.
 */
export function useToken(request: MaybeRefOrGetter<WatchedToken>): TokenRefs {
  const { client } = injected()
  const [isHydrating, isKept] = [useIsHydrating(), useIsKept()]
  const state = shallowRef<TokenState>({})
  // Equal requests have equal texts. A text holds no proxies, which could not be sent to a worker.
  const wanted = () => !isHydrating.value && !isKept.value && JSON.stringify(toValue(request))
  const follow = (text: string | false, _: unknown, onCleanup: (stop: () => void) => void) => {
    state.value = {}
    if (text) onCleanup(watchToken(client, JSON.parse(text), (next) => (state.value = next)))
  }
  watch(wanted, follow, { immediate: true })
  // A computed ref would throw at its first reading only.
  const reading = <T>(get: () => T) => customRef(() => ({ get, set() {} }))
  return { token: reading(() => tokenOf(state.value)), error: reading(() => state.value.error) }
}
