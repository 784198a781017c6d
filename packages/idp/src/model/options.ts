import type { Settings } from './settings.ts'

/** How a confidential client proves its identity (RFC 6749 §2.3). Every listed credential works. */
export interface ClientCredentials {
  /** `client_secret_basic` and `client_secret_post`. Several secrets let a client change its secret. */
  readonly secrets?: readonly string[]
  /** Certificates in PEM, for `private_key_jwt` (RFC 7523) and for mutual TLS (RFC 8705). */
  readonly certificates?: readonly string[]
  /** Entra-like profile: other issuers whose assertions count as the client's (federated identity credentials). */
  readonly federated?: readonly FederatedCredential[]
  /** Plain profile: the method that the client is registered with. Default: by its first credential. */
  readonly method?: ClientMethod
  /** Plain profile: false if mutual TLS authenticates the client, but does not bind its tokens. Default true. */
  readonly bindsTokens?: boolean
}

export type ClientMethod =
  | 'client_secret_basic'
  | 'client_secret_post'
  | 'private_key_jwt'
  | 'self_signed_tls_client_auth'

/** An assertion of another issuer, for example of a Kubernetes cluster. */
export interface FederatedCredential {
  readonly issuer: string
  readonly subject: string
  /** The public key of the issuer, in PEM (SPKI). */
  readonly publicKey: string
}

/** A single-page app: a public client without a secret (RFC 6749 §2.1). With `credentials`: a confidential client. */
export interface Client {
  readonly clientId: string
  /** Set for a confidential client. It may have no redirect URI. */
  readonly credentials?: ClientCredentials
  /**
   * True for a desktop app or a command-line tool: a redirect URI on this machine works with every port (RFC 8252 §7.3), and the
   * plain profile allows the device code flow (RFC 8628). At the Entra-like profile it sends no `Origin`, needs no redirect URI,
   * and may redeem passwords and assertions of a federation server. Default false.
   */
  readonly isNative?: boolean
  /** Compared as exact strings. Their origins may read the responses of the provider (CORS). */
  readonly redirectUris: readonly string[]
  /** Default: the redirect URIs. */
  readonly postLogoutRedirectUris?: readonly string[]
  /**
   * The allowed scopes among `openid profile email offline_access`. The provider refuses the others with
   * `invalid_scope`. Default: all.
   */
  readonly oidcScopes?: readonly string[]
  /** Plain profile: the URL that receives a logout token (OpenID Connect Back-Channel Logout 1.0). */
  readonly backchannelLogoutUri?: string
  /** Entra-like profile: the page for front-channel logout. It is loaded with `sid` and without `iss`. */
  readonly frontchannelLogoutUri?: string
  /** Entra-like profile: the scopes behind `.default`. Default: one scope of each resource. */
  readonly apiPermissions?: readonly string[]
}

/** The token that `accessTokenFor` issues. */
export interface WantedToken {
  /** The client that the token is issued to. Default: the first client. */
  readonly clientId?: string
  /** Separated by spaces. Default: a scope of the API of the provider. */
  readonly scope?: string
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
  /** Asks clients for a certificate during the TLS handshake (RFC 8705). Needs `tls`. Default false. */
  readonly mutualTls?: boolean
}

export const defaultClients: readonly Client[] = [
  { clientId: 'spa', redirectUris: ['http://localhost:5173/'] },
]

export const defaultUsers: readonly User[] = [
  { username: 'alice', name: 'Alice Adams', email: 'alice@example.com' },
  { username: 'bob', name: 'Bob Brown', email: 'bob@example.com' },
  { username: 'carol', name: 'Carol Clark', email: 'carol@example.com' },
]
