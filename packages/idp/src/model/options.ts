import type { Settings } from './settings.ts'

/** A single-page app that may sign users in: a public client without a secret (RFC 6749 §2.1). */
export interface Client {
  readonly clientId: string
  /** Compared character by character; their origins may read the provider's answers (CORS). */
  readonly redirectUris: readonly string[]
  /** Default: the redirect URIs. */
  readonly postLogoutRedirectUris?: readonly string[]
  /**
   * The scopes of OpenID Connect that the client may ask for (`openid profile email offline_access`); any other of them is
   * refused with `invalid_scope`. Default: all.
   */
  readonly oidcScopes?: readonly string[]
  /** Entra-like profile: loaded in a hidden iframe, with `sid` and without `iss`, when the user signs out. */
  readonly frontchannelLogoutUri?: string
  /** Entra-like profile: the scopes that `.default` stands for. Default: one of each resource. */
  readonly apiPermissions?: readonly string[]
}

/** Somebody who can sign in. */
export interface User {
  /** What is typed on the sign-in page, and the `sub` claim. */
  readonly username: string
  readonly name: string
  /** Also accepted on the sign-in page; the `email` and `preferred_username` claims. */
  readonly email: string
}

export interface IdentityProviderOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number
  /** Default: `spa` at http://localhost:5173/ */
  readonly clients?: readonly Client[]
  /** What the settings start with, and return to on reset. */
  readonly settings?: Partial<Settings>
  /** Default: alice, bob and carol. Everybody's password is `password`. */
  readonly users?: readonly User[]
  /** Serves https, with a certificate that is made at the start and that nobody trusts. Default false. */
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
