import type { Account } from '@carnet/browser'
import { type GuardOptions, requireAccount } from '@carnet/browser/guards'
import type { ClientInput } from '@carnet/browser/snapshot'

/** The `navigating` of `$app/state`. */
export interface Navigating {
  readonly to: { readonly url: URL } | null
}

/**
 * Creates a universal `load` for routes that need a user: `export const load = accountLoad(auth, navigating)` in `+page.ts` or
 * `+layout.ts`. Without an account it starts one sign-in, and the user comes back to the target of the navigation.
 *
 * SvelteKit also loads a page when the pointer is over its link. No sign-in starts then, and nothing is kept of such a load.
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

/**
 * Runs the `load` functions again when the active account changes, also by another tab: `bindRouter(auth, invalidateAll)` in the
 * `onMount` of the root layout.
 */
export { bindRouter } from '@carnet/browser/guards'
