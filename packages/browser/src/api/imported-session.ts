/** A session that another library or a server got, for `importSession`. Instants are milliseconds since the epoch. */
export interface ImportedSession {
  /** The ID token, as the provider sent it (a JWT). It may have expired. */
  idToken: string
  /** The authority that issued the tokens. Default: the client's. On Entra, name the tenant of a guest. */
  authority?: string | undefined
  /** On Entra: `uid.utid` of the account, from `client_info`. Other providers need none. Default: the `sub`. */
  homeAccountId?: string | undefined
  accessTokens?: readonly ImportedAccessToken[] | undefined
  refreshToken?: ImportedRefreshToken | undefined
  /** The `session_state` of the session at the provider (OpenID Connect Session Management 1.0 section 2). */
  sessionState?: string | undefined
  /** Makes the account active. Default false. */
  activates?: boolean | undefined
}

/** A Bearer token with its scopes. A token that has expired is left out. */
export interface ImportedAccessToken {
  token: string
  scopes: readonly string[]
  /** The API of the token (RFC 8707), if the provider uses resource indicators. */
  resource?: string | undefined
  expiresAtMs: number
  /** Further members of the token response, for `response` of results. Default: none. */
  response?: Readonly<Record<string, unknown>> | undefined
}

/** A refresh token of this client. */
export interface ImportedRefreshToken {
  token: string
  /** The scopes of the grant. Default: `openid`, the default scopes of the client, and the scopes of the access tokens. */
  scopes?: readonly string[] | undefined
  /** The expiry. Default: unknown; the provider decides. */
  expiresAtMs?: number | undefined
  /** The time of the sign-in, from which some lifetimes count. Default: `auth_time` or `iat` of the ID token. */
  signedInAtMs?: number | undefined
}
