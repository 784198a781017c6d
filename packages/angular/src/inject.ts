import {
  computed,
  DestroyRef,
  inject,
  NgZone,
  type Resource,
  type ResourceStreamItem,
  resource,
  type Signal,
  signal,
} from '@angular/core'
import type { Account, AuthClient, AuthenticationResult, UserChallenge } from '@carnet/browser'
import {
  type AccountFilter,
  boundFetch,
  findAccount,
  type WatchedToken,
  watchToken,
} from '@carnet/browser/component'
import { injectAuth, isServer } from './carnet.ts'

/**
 * Returns the first account with the given fields, or `null`. Default: the active account.
 *
 * @param where The fields, or a function that may read signals.
 */
export function injectAccount(
  where?: AccountFilter | (() => AccountFilter | undefined),
): Signal<Account | null> {
  const { snapshot } = injectAuth()
  return computed(() => findAccount(snapshot(), typeof where === 'function' ? where() : where))
}

/**
 * Returns the challenge of an API that waits for the user, for the one dialog of the app. The client needs the option
 * `onChallenge: 'snapshot'`.
 */
export const injectChallenge = (): Signal<UserChallenge | null> => injectAuth().challenge

/**
 * Returns `auth.fetch` for the lifetime of the component, directive or service: its calls are aborted when that is destroyed. They
 * wait until the client is ready. `HttpClient` needs `authInterceptor` instead.
 */
export function injectApi(): AuthClient['fetch'] {
  const destroyed = new AbortController()
  inject(DestroyRef).onDestroy(() => destroyed.abort())
  return boundFetch(injectAuth().ready, destroyed.signal)
}

type Token = AuthenticationResult | undefined

/**
 * Returns the token for a request as a resource. Its value is the new token after each renewal, after a consent, and for another
 * active account. `error()` is the `AuthError`: pass the `request` of an `InteractionRequiredError` to `acquireTokenPopup` in a click
 * handler. Read `error()` before `value()`, which throws then. On a server the resource is idle.
 *
 * @param request A function, which may read signals, or returns `undefined` for no token.
 */
export function injectToken(request: () => WatchedToken | undefined): Resource<Token> {
  const { ready } = injectAuth()
  const zone = inject(NgZone)
  return resource({
    params: isServer() ? () => undefined : request,
    stream: ({ params, abortSignal }) =>
      new Promise<Signal<ResourceStreamItem<Token>>>((resolve) => {
        const item = signal<ResourceStreamItem<Token>>({ value: undefined })
        // In the zone of Angular, the timer of a token would keep the app from becoming stable.
        const stop = zone.runOutsideAngular(() =>
          watchToken(ready, params, ({ token, error }) => {
            item.set(error ? { error } : { value: token })
            resolve(item)
          }),
        )
        abortSignal.addEventListener('abort', stop)
      }),
  }).asReadonly()
}
