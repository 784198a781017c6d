import type { Account } from '../accounts/account.ts'
import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import type { ParameterKeys, RequestParameters } from '../parameters/request-parameters.ts'
import { covers, type ScopeValues } from '../scopes/scope-values.ts'
import type { TokenOwner } from './token-owner.ts'

/** The type of an access token. A DPoP token is bound to a key (RFC 9449) and needs a proof with each request. */
export type TokenType = 'Bearer' | 'DPoP'

/** The type that a query asks for. `any`: bound to a key if the provider does that. */
export type AskedType = TokenType | 'any'

/** An access token and the terms of its grant. The token is opaque: Carnet never parses it. */
export interface AccessTokenRecord {
  /** The `id` of the owner. */
  readonly owner: string
  /** The requested resource: the resource indicator (RFC 8707), or on Entra the resource of the scopes; empty for none. */
  readonly resource: string
  /** The key of the request parameters; `undefined` if there were none. */
  readonly parametersKey?: string | undefined
  /** The key of the requested authorization details (RFC 9396); `undefined` if there were none. */
  readonly detailsKey?: string | undefined
  /** The keys of the requested scopes, without OpenID Connect scopes. */
  readonly requestedScopes: ScopeValues
  /** The keys of the granted scopes (RFC 6749 section 5.1). The server may rename, add or omit scopes. */
  readonly grantedScopes: ScopeValues
  /** The granted scopes in the server's spelling, then the granted OpenID Connect scopes, for the app. */
  readonly grantedTexts?: ScopeValues | undefined
  /** All scopes that were sent. They may be more than the requested scopes, if earlier grants were repeated. */
  readonly sentScopes?: ScopeValues | undefined
  /** The keys of the scopes that the user declined. In older records it is absent: then scopes without a grant count. */
  readonly declinedScopes?: ScopeValues | undefined
  readonly token: string
  readonly tokenType: TokenType
  /** The type of the query, if it asked for any type. Such a token answers only queries for any type. */
  readonly askedType?: 'any' | undefined
  /** The thumbprint of the key that the token is bound to (RFC 7638). */
  readonly jkt?: string | undefined
  /** The time at which the request was sent, in milliseconds since the epoch, by the page's clock. */
  readonly issuedAtMs: number
  /** The time at which the response arrived. A token that arrived after a call is new to it. */
  readonly receivedAtMs?: number | undefined
  /** The `auth_time` of the sign-in, in seconds, if an ID token had it. */
  readonly authTime?: number | undefined
  readonly expiresAtMs: number
  /** The time at which the server suggests a renewal (`refresh_in`). */
  readonly refreshAtMs?: number | undefined
  /** How far the provider's clock was ahead of the page's clock, in milliseconds, if the difference is large. */
  readonly clockOffsetMs?: number | undefined
  /** The time until which the token may serve during an outage (`ext_expires_in`). */
  readonly extendedExpiresAtMs?: number | undefined
  /** The members of the token response except the tokens, with the `session_state` of the session. */
  readonly response?: Readonly<Record<string, unknown>> | undefined
}

/**
 * A refresh token and the terms of its grant. There is one record per home account, and one more per requested resource (RFC
 * 8707). A grant covers only the resources of its authorization request.
 */
export interface RefreshTokenRecord {
  /** Distinguishes the record from the record that replaces it. Set when the record is stored; not a secret. */
  readonly id?: string | undefined
  /** The `grantOwnerKey` of the owner. */
  readonly owner: string
  /** The resource indicator of the grant (RFC 8707), if there was one. */
  readonly resource?: string | undefined
  /** The key of the request parameters that the grant is bound to; `undefined` if there were none. */
  readonly grantKey?: string | undefined
  readonly token: string
  /** The thumbprint of the key that the token is bound to (RFC 9449 section 5). */
  readonly jkt?: string | undefined
  /** All requested scopes of the grant, including OpenID Connect scopes. */
  readonly requestedScopes: ScopeValues
  /** All granted scopes of the grant, including OpenID Connect scopes. */
  readonly grantedScopes: ScopeValues
  readonly issuedAtMs: number
  /** The time of the sign-in. Some lifetimes count from it, and rotation does not extend them. */
  readonly signedInAtMs?: number | undefined
  /** The `auth_time` of the sign-in, in seconds, if the ID token had it. */
  readonly authTime?: number | undefined
  /** How far the provider's clock was ahead of the page's clock at the last ID token, in milliseconds. */
  readonly clockOffsetMs?: number | undefined
  /** Whether the provider rotated the refresh token at the last refresh; `undefined` before the first refresh. */
  readonly rotation?: 'each time' | 'never' | undefined
  /** The expiry of the refresh token, if the server stated it (`refresh_token_expires_in`). */
  readonly expiresAtMs?: number | undefined
}

/** The token that a caller requests, with all defaults filled in. */
export interface TokenQuery<Owner extends TokenOwner = Account> extends ParameterKeys {
  readonly owner: Owner
  /** Default `Bearer`. Tokens of one type never answer queries for another. */
  readonly tokenType?: AskedType | undefined
  /** The dialect of the authority. */
  readonly dialect: ProviderDialect
  /** The resource indicator (RFC 8707), or on Entra the resource that the scopes name; empty for none. */
  readonly resource: string
  /** The keys of the scopes, without OpenID Connect scopes. */
  readonly scopeKeys: ScopeValues
  /** The same scopes in the caller's spelling. */
  readonly requestedScopes: ScopeValues
  /** Another authority than the account's own: a tenant of Entra in which the account may be a guest. */
  readonly authority?: string | undefined
  /** A claims request that the token must answer. Such a token never comes from the cache. */
  readonly claims?: string | undefined
  /** The `claims` parameter to send instead: with the claims that the client adds to every request. */
  readonly sentClaims?: string | undefined
  /** The request parameters of `parametersKey`, including the parameters of the sign-in. */
  readonly parameters?: RequestParameters | undefined
  /** The greatest allowed age of the sign-in (`max_age`), in milliseconds. */
  readonly maxAgeMs?: number | undefined
  /** Asks the provider even after a recent refusal or failure, but not before the end of its `Retry-After`. */
  readonly forceRefresh?: boolean | undefined
}

/** The part of a query by which the cache finds a token. */
export type CacheQuery<Owner extends TokenOwner = Account> = Omit<TokenQuery<Owner>, 'dialect'>

/** True if the scopes were requested for the token, or granted to it: servers rename and drop scopes. */
export const answers = (record: AccessTokenRecord, scopes: ScopeValues): boolean =>
  covers(record.requestedScopes, scopes) || covers(record.grantedScopes, scopes)

/** A token with a shorter remaining lifetime counts as expired, because it must still be valid when it reaches the API. */
const LONGEST_RESERVE_MS = 30_000

/** The fields for the lifetime of a token. */
export type Life = Pick<AccessTokenRecord, 'issuedAtMs' | 'expiresAtMs' | 'extendedExpiresAtMs'>

/** True while the token has enough lifetime left: 30 seconds, or a tenth of its lifetime if that is shorter. */
export const isFresh = ({ issuedAtMs, expiresAtMs }: Life, nowMs: number): boolean =>
  livesUntil(
    expiresAtMs - Math.min(LONGEST_RESERVE_MS, (expiresAtMs - issuedAtMs) / 10),
    issuedAtMs,
    nowMs,
  )

/** False for an expired token, and for a token from the future: it was stored before the clock was set back. */
export const livesUntil = (endMs: number, issuedAtMs: number, nowMs: number): boolean =>
  nowMs < endMs && nowMs >= issuedAtMs - LONGEST_RESERVE_MS

/** The newer token is better, because a caller may have forced it. If both are equally new, the longer lifetime decides. */
const isBetter = (a: AccessTokenRecord, b: AccessTokenRecord) =>
  a.issuedAtMs === b.issuedAtMs ? a.expiresAtMs > b.expiresAtMs : a.issuedAtMs > b.issuedAtMs

/** True if a stored token may answer a query at `nowMs`. */
export type IsGood = (record: AccessTokenRecord, nowMs: number) => boolean

/** The newest of the records that answer `query` and pass `isGood`. */
export function pickAccessToken(
  records: Iterable<AccessTokenRecord>,
  query: Pick<TokenQuery, 'scopeKeys'>,
  nowMs: number,
  isGood: IsGood = isFresh,
): AccessTokenRecord | undefined {
  let best: AccessTokenRecord | undefined
  for (const record of records) {
    if (!isGood(record, nowMs) || !answers(record, query.scopeKeys)) continue
    if (!best || isBetter(record, best)) best = record
  }
  return best
}
