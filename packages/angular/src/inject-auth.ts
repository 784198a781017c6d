import { computed, DestroyRef, inject, type Signal } from '@angular/core'
import type { Account, AuthClient, UserChallenge } from '@carnet/browser'
import { type AccountFilter, boundFetch, findAccount } from '@carnet/browser/component'
import { AUTH, type Auth } from './carnet.ts'

/** Returns the session of the page as signals, and the client. As all functions here, it works where `inject` works. */
export const injectAuth = (): Auth => inject(AUTH)

/**
 * Returns the first account with the given fields, or `null`. Default: the active account.
 *
 * @param where The fields, or a function that may read signals.
 */
export function injectAccount(
  where?: AccountFilter | (() => AccountFilter | undefined),
): Signal<Account | null> {
  const { snapshot } = inject(AUTH)
  return computed(() => findAccount(snapshot(), typeof where === 'function' ? where() : where))
}

/**
 * Returns the challenge of an API that waits for the user, for the one dialog of the app. The client needs the option
 * `onChallenge: 'snapshot'`.
 */
export const injectChallenge = (): Signal<UserChallenge | null> => inject(AUTH).challenge

/**
 * Returns `auth.fetch` for the lifetime of the component, directive or service: its calls are aborted when that is destroyed. They
 * wait until the client is ready. `HttpClient` needs `authInterceptor` instead.
 */
export function injectApi(): AuthClient['fetch'] {
  const destroyed = new AbortController()
  inject(DestroyRef).onDestroy(() => destroyed.abort())
  return boundFetch(inject(AUTH).ready, destroyed.signal)
}
