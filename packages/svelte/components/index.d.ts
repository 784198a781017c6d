import type { Account } from '@carnet/browser'
import type { GuardOptions } from '@carnet/browser/guards'
import type { Component, Snippet } from 'svelte'

/** Shows its content while an account is active. The content gets the account. */
export declare const SignedIn: Component<{ children?: Snippet<[Account]> }>

/** Shows its content while no account is active; nothing while the session is unknown. */
export declare const SignedOut: Component<{ children?: Snippet }>

/**
 * Shows its content while an account is active. Without an account it shows `fallback`, and starts one sign-in. If the sign-in
 * fails, `error` of the snapshot is the reason. A `load` of SvelteKit is better: it runs before the page is rendered.
 */
export declare const RequireAccount: Component<
  GuardOptions & { children?: Snippet<[Account]>; fallback?: Snippet }
>
