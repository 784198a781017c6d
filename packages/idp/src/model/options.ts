import type { Settings } from './settings.ts'

/** A single-page app: a public client without a secret (RFC 6749 §2.1). */
export interface Client {
  readonly clientId: string
  /** Compared as exact strings. Their origins may read the responses of the provider (CORS). */
  readonly redirectUris: readonly string[]
  /** Default: the redirect URIs. */
  readonly postLogoutRedirectUris?: readonly string[]
  /**
   * The allowed scopes among `openid profile email offline_access`. The provider refuses the others with
   * `invalid_scope`. Default: all.
   */
  readonly oidcScopes?: readonly string[]
  /** Entra-like profile: the page for front-channel logout. It is loaded with `sid` and without `iss`. */
  readonly frontchannelLogoutUri?: string
  /** Entra-like profile: the scopes behind `.default`. Default: one scope of each resource. */
  readonly apiPermissions?: readonly string[]
}

export interface User {
  /** The name for the sign-in page, and the `sub` claim. */
  readonly username: string
  readonly name: string
  /** Also accepted on the sign-in page. It is the `email` and `preferred_username` claim. */
  readonly email: string
}

export interface IdentityProviderOptions {
  /** The default 0 selects a free port. */
  readonly port?: number
  /** Default: `spa` at http://localhost:5173/ */
  readonly clients?: readonly Client[]
  /** The initial settings. A reset restores them. */
  readonly settings?: Partial<Settings>
  /** Default: alice, bob and carol. All users have the password `password`. */
  readonly users?: readonly User[]
  /** Serves https, with a self-signed certificate that is created at the start. Default false. */
  readonly tls?: boolean
}

export const defaultClients: readonly Client[] = [
  { clientId: 'spa', redirectUris: ['http://localhost:5173/'] },
]

export const defaultUsers: readonly User[] = [
  { username: 'alice', name: 'Alice Adams', email: 'alice@example.com' },
  { username: 'bob', name: 'Bob Brown', email: 'bob@example.com' },
  { username: 'carol', name: 'Carol Clark', email: 'carol@example.com' },
]
