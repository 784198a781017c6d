import { type Account, AuthError, InteractionRequiredError } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { InteractiveRequest } from '../api/requests.ts'
import { type ClientInput, createSource } from './snapshot.ts'

export interface GuardOptions {
  /**
   * The sign-in if no account is active. `redirect` (default), `popup` (within a few seconds after a click), or `none` to get
   * an `InteractionRequiredError`, whose `request` is for `signIn`.
   */
  readonly interaction?: 'redirect' | 'popup' | 'none' | undefined
  /** The URL after the sign-in. Default: the target of the navigation; without a target, the current URL. */
  readonly returnTo?: string | undefined
  /** Further fields of the sign-in, for example `scopes`. */
  readonly request?: Omit<InteractiveRequest, 'interaction' | 'returnTo' | 'signal'> | undefined
}

/**
 * The target of a navigation: a URL, or `#/path` of a router with a hash, or the argument of a router with the target in it: of
 * react-router (`request.url`), TanStack Router (`location`) or SvelteKit (`url`).
 */
export type Navigation =
  | string
  | URL
  | { readonly request: { readonly url: string } }
  | {
      readonly location: { readonly href: string; readonly publicHref?: string | undefined }
      /** True if the router only loads in advance: then no interaction starts. */
      readonly preload?: boolean | undefined
    }
  | { readonly url: string | URL }

/**
 * Creates a guard for the routes that need a user. The guard waits for the client, and returns the active account without any
 * request. Without an account it starts one sign-in, and the user comes back to the target of the navigation.
 *
 * If the user came back from a failed sign-in to the target, the guard rejects with the error of the response once: no loop. If the
 * user signs out on a guarded page, for example in another tab, the provider asks who it is (`prompt=login`, OpenID Connect Core
 * section 3.1.2.1). A redirect leaves the page, so the guard never resolves then. Guards run in pages only.
 *
 * @throws AuthError as `signIn` does, or the error of the client's start; `unsupported_environment` on a server.
 */
export function requireAccount(client: ClientInput, options: GuardOptions = {}) {
  async function pass(navigation: Navigation | undefined): Promise<Account> {
    if (!globalThis.document)
      throw new AuthError('unsupported_environment', 'A guard works in a page only.')
    const source = createSource(client)
    const before = location.href
    const auth = await source.ready
    if (auth.activeAccount) return auth.activeAccount
    const target = hrefOf(navigation, before)
    if (target.replace(/#.*/, '') === source.startUrl) throwRedirectError(auth)
    const { interaction = 'redirect' } = options
    // The sign-out of another tab may still be on its way to the provider, which would sign the user in again at once.
    const isLeftPage = source.wasSignedIn && target === location.href
    const request = { ...(isLeftPage && { prompt: 'login' }), ...options.request }
    if (interaction === 'none' || isPreload(navigation))
      throw new InteractionRequiredError('no_account', 'No account is active.', {
        ...request,
        scopes: request.scopes ?? [],
      })
    if (interaction === 'popup') return signInByPopup(auth, request)
    const returnTo = options.returnTo ?? target
    return (await auth.signIn({ ...request, interaction, returnTo })).account
  }
  return function guard(navigation?: Navigation): Promise<Account> {
    const passing = pass(navigation)
    // Some routers start a guard on a server too, and nobody waits for it: the rejection would end the process.
    if (!globalThis.document) passing.catch(() => undefined)
    return passing
  }
}

/**
 * Calls `invalidate` when another account becomes active, and after a sign-in or a sign-out, also by another tab. Pass a
 * function that runs the guards of the current route again. The start of the client is no change, because guards wait for it.
 *
 * @returns A function that ends it.
 */
export function bindRouter(client: ClientInput, invalidate: () => unknown): () => void {
  const source = createSource(client)
  const idOf = () => {
    const { status, account } = source.snapshot()
    return status === 'unknown' ? undefined : (account?.id ?? '')
  }
  let last = idOf()
  return source.subscribe(() => {
    const before = last
    last = idOf()
    if (before !== undefined && before !== last) invalidate()
  })
}

/**
 * Calls `navigate` with the URL where a sign-in by redirect started, also if the sign-in failed. Frameworks that render on a server
 * need this: the server has rendered the redirect URI, and the router does not follow the client, which has restored the URL.
 *
 * @param navigate Shows a page of the app without a reload, and replaces the entry of the history.
 * @returns A function that ends it.
 */
export function restoreRoute(client: ClientInput, navigate: (url: string) => unknown): () => void {
  let isOver = false
  const follow = ({ redirectResult, redirectError }: AuthClient) => {
    if (!isOver && (redirectResult || redirectError)) navigate(location.href)
  }
  // A client that cannot start is in `error` of the session.
  createSource(client).ready.then(follow, () => undefined)
  return () => {
    isOver = true
  }
}

const running = new WeakMap<AuthClient, Promise<Account>>()

/** Guards of one navigation share a popup, also if their requests differ. */
function signInByPopup(auth: AuthClient, request: GuardOptions['request']): Promise<Account> {
  const joined = running.get(auth)
  if (joined !== undefined) return joined
  const signingIn = auth
    .signIn({ ...request, interaction: 'popup' })
    .then(({ account }) => account)
    .finally(() => running.delete(auth))
  running.set(auth, signingIn)
  return signingIn
}

const reported = new WeakSet<AuthError>()

/** Throws the error of the response in the URL, if the first navigation of the page has not reported it. */
function throwRedirectError({ redirectError: error }: AuthClient): void {
  if (!error || reported.has(error)) return
  // All guards of the first navigation fail alike. A later navigation is a decision of the user.
  setTimeout(() => reported.add(error))
  throw error
}

const isPreload = (navigation: Navigation | undefined) =>
  typeof navigation === 'object' && 'preload' in navigation && navigation.preload === true

/** @param before The URL of the page when the guard was called. */
function hrefOf(navigation: Navigation | undefined, before: string): string {
  const { href, origin } = location
  if (navigation === undefined) return href
  const text = `${targetOf(navigation)}`
  // A path stays on this origin, also if it begins as `//host` does. A router with a hash gives a fragment.
  const target = new URL(/^[/\\]/.test(text) ? origin + text : text, href).href
  // A visit of the page itself. A `Request` has no fragment, and the client may have restored another URL since.
  return [before, before.replace(/#.*/, '')].includes(target) ? href : target
}

function targetOf(navigation: Navigation): string | URL {
  if (typeof navigation === 'string' || navigation instanceof URL) return navigation
  if ('request' in navigation) return navigation.request.url
  if ('location' in navigation) return navigation.location.publicHref ?? navigation.location.href
  return navigation.url
}
