import {
  type GuardOptions,
  bindRouter as onAccountChange,
  requireAccount,
} from '@carnet/browser/guards'
import type { ClientInput } from '@carnet/browser/snapshot'
import { inject } from 'vue'
import { type NavigationGuardWithThis, type Router, routerKey } from 'vue-router'

/**
 * Creates a guard for routes that need a user: `beforeEnter: accountGuard(auth)`, or for all routes
 * `router.beforeEach(accountGuard(auth))`. Without an account it starts one sign-in, and the user comes back to the target of
 * the navigation. On a server it lets everything pass.
 *
 * @throws AuthError, to `router.onError`: the reason why nobody could sign in.
 */
export function accountGuard(
  client: ClientInput,
  options?: GuardOptions,
): NavigationGuardWithThis<undefined> {
  const guard = requireAccount(client, options)
  return async (to) => {
    if (!client) return
    // Only the router knows its base and its kind of history.
    const router = inject(routerKey)
    await guard(router ? router.resolve(to).href : to.fullPath)
  }
}

/**
 * Runs the guards of `router.beforeEach` again when the active account changes, also by another tab. Vue Router does not repeat
 * `beforeEnter` for a route that stays.
 *
 * @returns A function that ends it.
 */
export function bindRouter(client: ClientInput, router: Router): () => void {
  return onAccountChange(client, () =>
    router.replace({ ...router.currentRoute.value, force: true } as never),
  )
}
