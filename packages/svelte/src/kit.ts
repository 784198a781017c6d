import type { Account } from '@carnet/browser'
import {
  type GuardOptions,
  bindRouter as onAccountChange,
  requireAccount,
  restoreRoute,
} from '@carnet/browser/guards'
import type { ClientInput } from '@carnet/browser/snapshot'

/** The `navigating` of `$app/state`. */
export interface Navigating {
  readonly to: { readonly url: URL } | null
}

/**
 * Creates a universal `load` for routes that need a user: `export const load = accountLoad(auth, navigating)` in `+page.ts` or
 * `+layout.ts`. Without an account it starts one sign-in, and the user comes back to the target of the navigation.
 *
 * SvelteKit also loads a page when the pointer is over its link. No sign-in starts then: the load fails, and SvelteKit logs its
 * `InteractionRequiredError` and keeps nothing. A link with `data-sveltekit-preload-data="off"` is not loaded in advance.
 *
 * @param client `undefined` on a server: then the page is rendered with `account: null`.
 * @param navigating From `$app/state`.
 * @throws AuthError, to the error page: the reason why nobody could sign in.
 */
export function accountLoad(client: ClientInput, navigating: Navigating, options?: GuardOptions) {
  const guard = requireAccount(client, options)
  return async ({ url }: { readonly url: URL }): Promise<{ account: Account | null }> => {
    if (!client) return { account: null }
    const { href } = url
    const isVisit = href === location.href || href === navigating.to?.url.href
    return { account: await guard({ location: { href }, preload: !isVisit }) }
  }
}

/** The functions of `$app/navigation` that the session needs. */
export interface KitNavigation {
  goto(url: string, options: { replaceState: boolean }): unknown
  invalidateAll(): unknown
}

/**
 * Connects the session with the router: call it in the `onMount` of the root layout, with `goto` and `invalidateAll` of
 * `$app/navigation`. After a sign-in by redirect it goes to the page where the user started, because SvelteKit has started at the
 * redirect URI. When the active account changes, also by another tab, it runs the `load` functions again.
 *
 * @returns A function that ends it.
 */
export function bindRouter(
  client: ClientInput,
  { goto, invalidateAll }: KitNavigation,
): () => void {
  const stops = [
    onAccountChange(client, invalidateAll),
    restoreRoute(client, (url) => goto(url, { replaceState: true })),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}
