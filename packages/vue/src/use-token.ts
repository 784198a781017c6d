import type { AuthError, AuthenticationResult } from '@carnet/browser'
import { type TokenState, type WatchedToken, watchToken } from '@carnet/browser/component'
import {
  type ComputedRef,
  computed,
  customRef,
  type MaybeRefOrGetter,
  type Ref,
  shallowRef,
  toValue,
  watch,
} from 'vue'
import { injected } from './plugin.ts'

export interface TokenRefs {
  /**
   * The token; `undefined` until it is there, and while the account changes. If there is no token, reading it throws `error`, so
   * that the error reaches `onErrorCaptured`. A component that handles the error reads `error` first.
   */
  readonly token: Readonly<Ref<AuthenticationResult | undefined>>
  /** The reason why there is no token. */
  readonly error: ComputedRef<AuthError | undefined>
}

/**
 * Acquires a token without the user, and follows its renewals and the active account. On a server it acquires nothing.
 *
 * @param request A getter or a ref if the request changes.
 */
export function useToken(request: MaybeRefOrGetter<WatchedToken>): TokenRefs {
  const { client } = injected()
  const state = shallowRef<TokenState>({})
  watch(
    () => toValue(request),
    (wanted, _, onCleanup) => {
      state.value = {}
      onCleanup(
        watchToken(client, wanted, (next) => {
          state.value = next
        }),
      )
    },
    { immediate: true },
  )
  return {
    // A computed ref would throw at its first reading only.
    token: customRef(() => ({
      get() {
        if (state.value.error) throw state.value.error
        return state.value.token
      },
      set() {},
    })),
    error: computed(() => state.value.error),
  }
}
