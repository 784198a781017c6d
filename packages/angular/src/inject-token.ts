import {
  inject,
  NgZone,
  type Resource,
  type ResourceStreamItem,
  resource,
  type Signal,
  signal,
} from '@angular/core'
import type { AuthenticationResult } from '@carnet/browser'
import { type TokenState, type WatchedToken, watchToken } from '@carnet/browser/component'
import { AUTH, isServer } from './carnet.ts'

type Item = ResourceStreamItem<AuthenticationResult | undefined>

/**
 * Returns the token for a request as a resource. Its value is the new token after each renewal, after a consent, and for another
 * active account. `error()` is the `AuthError`: pass the `request` of an `InteractionRequiredError` to `acquireTokenPopup` in a click
 * handler. Read `error()` before `value()`, which throws then. On a server the resource is idle.
 *
 * @param request A function, which may read signals, or returns `undefined` for no token.
 */
export function injectToken(
  request: () => WatchedToken | undefined,
): Resource<AuthenticationResult | undefined> {
  const { ready } = inject(AUTH)
  const zone = inject(NgZone)
  const isIdle = isServer()
  return resource({
    params: () => (isIdle ? undefined : request()),
    stream: ({ params, abortSignal }) =>
      new Promise<Signal<Item>>((resolve) => {
        const item = signal<Item>({ value: undefined })
        const report = ({ token, error }: TokenState) => {
          item.set(error ? { error } : { value: token })
          resolve(item)
        }
        // In the zone of Angular, the timer of a token would keep the app from becoming stable.
        const stop = zone.runOutsideAngular(() => watchToken(ready, params, report))
        abortSignal.addEventListener('abort', stop)
      }),
  }).asReadonly()
}
