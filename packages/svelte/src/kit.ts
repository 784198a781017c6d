import { type Account, isAuthError, isInteractionRequired } from '@carnet/browser'
import {
  type GuardOptions,
  bindRouter as onAccountChange,
  requireAccount,
  restoreRoute,
} from '@carnet/browser/guards'
import type { ClientInput } from '@carnet/browser/snapshot'
import { error } from '@sveltejs/kit'

/** The `navigating` of `$app/state`. */
export interface Navigating {
  readonly to: { readonly url: URL } | null
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
    return { account: await guard(navigation).catch(throwAsExpected) }
  }
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
}

/**
 * Connects the session with the router: call it in the `onMount` of the root layout, with `goto` and `invalidateAll` of
 * `$app/navigation`. After a sign-in by redirect it goes to the page where the user started, because SvelteKit has started at the
 * redirect URI. When the active account changes, also by another tab, it runs the `load` functions again.
 *
 * @returns A function that ends it.
 */
export function bindRouter(client: ClientInput, router: KitNavigation): () => void {
  const stops = [
    restoreRoute(client, (url) => router.goto(url, { replaceState: true })),
    onAccountChange(client, () => router.invalidateAll()),
  ]
  return () => stops.forEach((stop) => void stop())
}
