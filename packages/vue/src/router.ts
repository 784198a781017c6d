import { type GuardOptions, bindRouter as onChange, requireAccount } from '@carnet/browser/guards'
import { type ClientInput, createSource } from '@carnet/browser/snapshot'
import { inject } from 'vue'
import { type NavigationGuard, type Router, routerKey, START_LOCATION } from 'vue-router'
import { needed } from './plugin.ts'

/**
 * Creates a guard for routes that need a user: `beforeEnter: accountGuard(auth)`, or for all routes
 * `router.beforeEach(accountGuard(auth))`. Without an account it starts one sign-in, and the user comes back to the target of
 * the navigation. On a server it lets everything pass.
 *
 * @throws AuthError, to `router.onError`: the reason why nobody could sign in. Error if a guard of the app calls it after an `await`,
 * where Vue Router no longer tells its router.
 */
export function accountGuard(client: ClientInput, options?: GuardOptions): NavigationGuard {
  const guard = requireAccount(client, options)
  return async (to, from) => {
    if (!client) return
    const router = needed(inject(routerKey, null))
    const restored = restoredUrl(router)
    await createSource(client).ready
    const url = restored(from)
    if (!url) {
      asking = router
      // Only the router knows its base and its kind of history.
      await guard(router.resolve(to).href).finally(() => (asking = null))
    }
    return url
  }
}

/** The router whose guard waits for the user. Another navigation would cancel the one that waits. */
let asking: Router | null

/**
 * Connects the session with the router: call it once, after `createRouter`. A sign-in by redirect returns to its page, also if
 * the first route is still loading. When the active account changes, also by another tab, the guards of `router.beforeEach` run
 * again. Vue Router does not repeat `beforeEnter` for a route that stays.
 *
 * @returns A function that ends it.
 */
export function bindRouter(client: ClientInput, router: Router): () => void {
  const restored = restoredUrl(router)
  let isStale = false
  const update = () => {
    isStale = asking === router
    if (isStale) return
    // Its name would lead from an alias to the path of the route.
    const here = { ...router.currentRoute.value, name: undefined, force: true }
    // `router.onError` gets the error.
    router.replace(here).catch(() => undefined)
  }
  const stop = onChange(client, update)
  const stopRestoring = router.beforeResolve((_, from) => restored(from))
  const stopUpdates = router.afterEach(() => {
    // Another app with this router may start at another page.
    stopRestoring()
    if (isStale) update()
  })
  return () => {
    stop()
    stopRestoring()
    stopUpdates()
  }
}

/**
 * Vue Router ignores its history until its first navigation has ended. The returned function gives the URL that a sign-in has
 * restored in this time, once: the first navigation has to go there.
 */
function restoredUrl({ options: { history } }: Router) {
  let known = history.location
  return (from: unknown): string | undefined => {
    if (from !== START_LOCATION || history.location === known) return undefined
    known = history.location
    return known
  }
}
