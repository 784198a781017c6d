import type { Account, AccountRecord, IdTokenClaims } from '../accounts/account.ts'
import type { AccountRecords } from '../accounts/account-list.ts'
import type { TenantRules } from '../accounts/account-registry.ts'
import type { OAuthErrorDetails } from '../errors/errors.ts'
import type { InteractionReason } from '../errors/interaction-required.ts'
import type { ParameterRules } from '../parameters/request-parameters.ts'
import type { GrantEvidence } from '../scopes/granted-oidc-scopes.ts'
import type { ScopeValues } from '../scopes/scope-values.ts'
import type { AuthorityProfile } from './authority-profile.ts'
import type { ErrorPlace } from './provider-errors.ts'

/** The parsed scopes of a token request: keys for comparisons, and texts for requests. */
export interface TokenScopes {
  /** The resource of the scopes, as a key for comparisons; empty if scopes name no resource. */
  readonly resource: string
  /** Unique, sorted keys without OpenID Connect scopes. Equal scopes have equal keys. */
  readonly keys: ScopeValues
  /** The scopes in the caller's spelling, without OpenID Connect scopes. */
  readonly requestedScopes: ScopeValues
}

/** The part of a dialect that a page needs for a result from the cache: it reads and compares scopes. */
export interface ScopeRules {
  /**
   * Reads the scopes of a token request (RFC 6749 section 3.3).
   *
   * @param resource The RFC 8707 resource indicator of the request.
   * @throws AuthError `invalid_request` for scopes that one token cannot have.
   */
  readScopes(scopes: Iterable<string>, resource?: string): TokenScopes
  /**
   * The requested scopes that were not granted (RFC 6749 section 5.1).
   *
   * @param requestedScopes The requested scopes, in the caller's spelling.
   * @param granted The keys of the granted scopes.
   * @param sent The keys of all scopes of the request to the provider, which may include more than the requested scopes.
   * @returns The scopes in the caller's spelling.
   */
  declinedScopes(requestedScopes: ScopeValues, granted: ScopeValues, sent: ScopeValues): ScopeValues
}

/** The scopes of a refresh request whose response answers a query. */
export type RefreshPlan =
  /** Request these scopes. */
  | { readonly type: 'ask'; readonly scopes: ScopeValues }
  /** Omit `scope`: the response then has the whole grant (RFC 6749 section 6). */
  | { readonly type: 'all'; readonly assumed: ScopeValues }

/** The scopes of the grant behind a refresh token. */
export interface HeldGrant {
  readonly requestedScopes: ScopeValues
  readonly grantedScopes: ScopeValues
}

/** The end of a session, and the rule of the provider that sets it. */
export interface SessionEnd {
  readonly atMs: number
  readonly cause: 'entra_24h'
}

/** The members of a discovery document about supported scopes (RFC 8414 section 2). */
export interface ScopeMetadata {
  readonly scopes_supported?: readonly string[]
  readonly grant_types_supported?: readonly string[]
}

export type Parameters = Readonly<Record<string, string | undefined>>

/** Every difference between providers, in one object. A client uses the dialect of its authority. */
export interface ProviderDialect extends ScopeRules, ParameterRules, TenantRules {
  /** The name that the option `authorityProfile` gives the dialect. */
  readonly name: AuthorityProfile

  /** The address of the discovery document of an authority (OpenID Connect Discovery 1.0 section 4). */
  discoveryUrl(authority: string): string
  /** True if the discovery document of `authority` may name this issuer (OpenID Connect Discovery 1.0 section 4.3). */
  isIssuerOf(issuer: string, authority: string): boolean
  /**
   * The issuer that an ID token must name (OpenID Connect Core section 3.1.3.7).
   *
   * @param issuer The issuer of the metadata.
   */
  expectedIssuer(
    issuer: string,
    authority: string,
    claims: Readonly<Record<string, unknown>>,
  ): string
  /** True if the `iss` of an authorization response (RFC 9207 section 2.4) fits the issuer of the metadata. */
  isResponseIssuer(iss: string, issuer: string): boolean

  /** The key of a scope for comparisons. A malformed scope of a server is its own key. */
  scopeKey(text: string): string
  /** The scopes of `texts` that are not among the keys `granted`, in the caller's spelling. Renamed scopes are missing too. */
  missingScopes(requestedScopes: ScopeValues, granted: ScopeValues): ScopeValues
  /** The keys of the scopes in a token response (RFC 6749 section 5.1). */
  grantedKeys(requestedScopes: ScopeValues, resource: string): ScopeValues
  /** The scopes of OpenID Connect that a token response granted (OpenID Connect Core section 5.4). */
  grantedOidcScopes(evidence: GrantEvidence, sent: ScopeValues): ScopeValues
  /**
   * Checks the scopes of one authorization request: a token for `scopes`, and consent to `later`.
   *
   * @throws AuthError `invalid_request` for scopes that the provider would refuse.
   */
  assertAskable(scopes: readonly string[], later: readonly string[]): void
  /**
   * Splits the scopes into one group per token.
   *
   * @throws AuthError `invalid_request` for a malformed scope.
   */
  splitByResource(scopes: readonly string[]): (readonly string[])[]
  /** The scopes of `defaults` that the provider may support, by its metadata (RFC 8414 section 2). */
  supportedDefaults(metadata: ScopeMetadata, defaults: readonly string[]): readonly string[]
  /** True if the provider may refuse a default scope (`invalid_scope`, RFC 6749 section 4.1.2.1). */
  readonly refusesDefaultScopes: boolean
  /** True if each token response lists every granted scope by its requested name (RFC 6749 section 5.1). */
  readonly listsGrantedScopes: boolean
  /** True if the user can only grant or decline a whole consent page. */
  readonly consentsAsWhole: boolean

  /** The resource parameter of a request (RFC 8707 section 2); `undefined` for none. */
  indicatorOf(resource: string | undefined): string | undefined
  /** A hint for the part of the provider's directory that contains the user. */
  routingHint(homeAccountId: string | undefined, loginHint?: string): string | undefined
  /** Further parameters of an authorization request (RFC 6749 section 4.1.1, RFC 8707 section 2.1). */
  authorizationParameters(request: {
    readonly resource: string | undefined
    readonly routingHint: string | undefined
  }): Parameters
  /** True if a request without a scope of an API may be answered with an ID token only, which RFC 6749 section 5.1 forbids. */
  readonly mayOmitAccessToken: boolean
  /** True if `id_token_hint` identifies the session (OpenID Connect Core section 3.1.2.1). */
  readonly usesIdTokenHint: boolean
  /** The `sid` of an account for a request with `prompt=none`; `undefined` for none. */
  sessionHint(claims: IdTokenClaims): string | undefined
  /** The scopes of the access token from a code (RFC 6749 section 4.1.4). */
  codeScopes(scopes: ScopeValues, tokenScopes: ScopeValues): ScopeValues
  /** Further parameters of the request that redeems a code (RFC 6749 section 4.1.3, RFC 8707 section 2.2). */
  codeParameters(request: {
    readonly tokenScopes: ScopeValues
    readonly resource: string | undefined
    readonly routingHint: string | undefined
  }): Parameters
  /**
   * Plans the scopes of a refresh request (RFC 6749 section 6).
   *
   * @param wanted The scopes of the query, without the scopes that the user declined.
   */
  planRefresh(held: HeldGrant, wanted: ScopeValues): RefreshPlan
  /** Further parameters of a refresh request (RFC 6749 section 6, RFC 8707 section 2.2). */
  refreshParameters(request: {
    readonly resource: string | undefined
    readonly homeAccountId: string
  }): Parameters
  /** True if a refresh may request more than its grant, which RFC 6749 section 6 forbids, and any resource. */
  readonly refreshWidensGrant: boolean
  /**
   * True if the provider ignores a resource beyond the grant of the refresh token, and issues a token for another resource.
   * False if it answers with an error (`invalid_target`, RFC 8707 section 2).
   */
  readonly ignoresOtherResource: boolean

  /** The account of a validated ID token (OpenID Connect Core section 2). */
  accountOf(claims: IdTokenClaims, authority: string, homeAccountId: string | undefined): Account
  /** The id of the account in its home tenant, from a token response. */
  homeAccountIdOf(response: Readonly<Record<string, unknown>>): string | undefined
  /** True if an authority may see the tokens of an account. Tokens never go to any other authority. */
  servesAccount(authority: string, account: Pick<Account, 'environment'>): boolean
  /** True if several authorities may issue tokens for one account: its tenants. */
  readonly hasTenants: boolean
  /** True if the account belongs to another tenant than its home tenant. */
  isGuest(account: Pick<Account, 'homeAccountId' | 'tenantId'>): boolean
  /** The authority of the account's own tenant, if its record names no tenant. */
  ownAuthority(record: AccountRecord): string | undefined
  /** Each account with the tenants that its home account is signed in to. */
  withTenantProfiles(records: AccountRecords): AccountRecords

  /** The reason why the user must act after an error (OpenID Connect Core section 3.1.2.6, RFC 6749 section 5.2). */
  errorReason(oauth: OAuthErrorDetails, place: ErrorPlace): InteractionReason | undefined
  /** The end of the session by a general rule of the provider; `undefined` if there is no such rule. */
  sessionEnd(held: { readonly signedInAtMs?: number | undefined }): SessionEnd | undefined
  /** True if the end-session endpoint finds the session by a posted ID token (RP-Initiated Logout 1.0 section 2). */
  readonly postsEndSession: boolean
  /** A difference of the clocks up to this value is not reported, because the provider may backdate its tokens. */
  readonly clockToleranceMs: number
}
