import { type Account, isAuthError, isInteractionRequired } from '@carnet/browser'
import {
  type GuardOptions,
  bindRouter as onAccountChange,
  requireAccount,
  restoreRoute,
} from '@carnet/browser/guards'
import type { ClientInput } from '@carnet/browser/snapshot'
import { error } from '@sveltejs/kit'
import { toStore } from 'svelte/store'

/** The `navigating` of `$app/state`. */
export interface Navigating {
  readonly to: { readonly url: URL } | null
  readonly complete?: Promise<void> | null
}

/**
 * Creates a universal `load` for routes that need a user: `export const load = accountLoad(auth, navigating)` in `+page.ts` or
 * `+layout.ts`. Without an account it starts one sign-in, and the user comes back to the target of the navigation.
 *
 * SvelteKit also loads a page when the pointer is over its link. No sign-in starts then, and a visit loads the page again.
 *
 * @param client `undefined` on a server: then the page is rendered with `account: null`.
 * @param navigating From `$app/state`.
 * @throws An expected error of SvelteKit (401) if the user is needed or has cancelled, and the AuthError of any other failure. Both
 * go to the error page.
 */
export function accountLoad(client: ClientInput, navigating: Navigating, options?: GuardOptions) {
  const guard = requireAccount(client, options)
  return async ({ url }: { readonly url: URL }): Promise<{ account: Account | null }> => {
    if (!client) return { account: null }
    const { href } = url
    const navigation = {
      location: { href },
      // Read when the client has started: a click may make a visit of a load in advance that is still waiting.
      get preload() {
        return href !== location.href && href !== navigating.to?.url.href
      },
    }
    const refused = (reason: Error) => {
      if (navigation.preload) onVisit(navigating, href, () => guard(href))
      return throwAsExpected(reason)
    }
    return { account: await guard(navigation).catch(refused) }
  }
}

/**
 * While a layout still loads, a click makes a visit of the load in advance, and SvelteKit does not call `load` again. This calls
 * `visit` if the next navigation goes to the URL.
 */
function onVisit(navigating: Navigating, href: string, visit: () => Promise<unknown>): void {
  const stop = toStore(() => navigating.to?.url.href).subscribe((next) => {
    if (!next) return
    stop()
    // The session has the error.
    if (next === href) visit().catch(() => undefined)
  })
}

/** SvelteKit logs an unexpected error, and hides its message from the user. */
function throwAsExpected(reason: Error): never {
  const isOfUser = isAuthError(reason, 'access_denied') || isAuthError(reason, 'user_cancelled')
  if (isOfUser || isInteractionRequired(reason)) error(401, reason.message)
  throw reason
}

/** The functions of `$app/navigation` that the session needs. */
export interface KitNavigation {
  goto(url: string, options: { replaceState: boolean }): unknown
  invalidateAll(): unknown
  /** From `$app/state`: `load` runs again after a navigation that is under way, and does not cancel it. */
  readonly navigating?: Navigating
}

/**
 * Connects the session with the router: call it in the `onMount` of the root layout, with `goto` and `invalidateAll` of
 * `$app/navigation` and `navigating` of `$app/state`. After a sign-in by redirect it goes to the page where the user started,
 * because SvelteKit has started at the redirect URI. When the active account changes, also by another tab, it runs the `load`
 * functions again.
 *
 * @returns A function that ends it.
 */
export function bindRouter(client: ClientInput, router: KitNavigation): () => void {
  const reload = async () => {
    // The guard of a navigation may have asked the user in a popup.
    await router.navigating?.complete?.catch(() => undefined)
    router.invalidateAll()
  }
  const stops = [
    restoreRoute(client, (url) => router.goto(url, { replaceState: true })),
    onAccountChange(client, reload),
  ]
  return () => stops.forEach((stop) => void stop())
}
