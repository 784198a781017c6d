import type { Account } from '../accounts/account.ts'
import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import type { ParameterKeys, RequestParameters } from '../parameters/request-parameters.ts'
import { covers, type ScopeValues } from '../scopes/scope-values.ts'
import type { TokenOwner } from './token-owner.ts'

/** How a token is presented to an API. One that is bound to a key (RFC 9449) is of no use without its proof. */
export type TokenType = 'Bearer' | 'DPoP'

/** An access token and what was agreed about it. The token itself is opaque: nothing looks inside. */
export interface AccessTokenRecord {
  /** The `id` of its owner. */
  readonly owner: string
  /** RFC 8707 resource indicator that it was asked for; empty where none was. */
  readonly resource: string
  /** The key of the request parameters that it was asked for with; nothing where there were none. */
  readonly parametersKey?: string | undefined
  /** The key of the authorization details that it was asked for with (RFC 9396); nothing where there were none. */
  readonly detailsKey?: string | undefined
  /** What was asked, without the scopes of OpenID Connect. */
  readonly requestedScopes: ScopeValues
  /** What the server says it granted (RFC 6749 section 5.1): it may rename, add or leave out. */
  readonly grantedScopes: ScopeValues
  /** The same in the server's own spelling, and after it the granted scopes of OpenID Connect: for the app to read. */
  readonly grantedTexts?: ScopeValues | undefined
  /** All that was sent when it was asked for: more than was wanted, where earlier grants were repeated. */
  readonly sentScopes?: ScopeValues | undefined
  /** Keys of those that the user declined. Older records do not say: then what was not granted counts as declined. */
  readonly declinedScopes?: ScopeValues | undefined
  readonly token: string
  readonly tokenType: TokenType
  /** Milliseconds since the epoch, by our clock, when the request was sent. */
  readonly issuedAtMs: number
  /** When the answer was there: a caller who asked before that has something new. */
  readonly receivedAtMs?: number | undefined
  /** `auth_time` of the sign-in behind it, in seconds, where an ID token said it. */
  readonly authTime?: number | undefined
  readonly expiresAtMs: number
  /** When the server would like the token renewed (`refresh_in`). */
  readonly refreshAtMs?: number | undefined
  /** By how much the provider's clock was ahead of ours, in milliseconds, where that matters. */
  readonly clockOffsetMs?: number | undefined
  /** Until when the token may still serve while the provider is down (`ext_expires_in`). */
  readonly extendedExpiresAtMs?: number | undefined
}

/**
 * One per home account, and where the provider wants APIs named (RFC 8707) one for each that was: a grant
 * reaches no further than to the resources of its authorization request.
 */
export interface RefreshTokenRecord {
  /** Tells it from what takes its place. Set where it is kept; no secret. */
  readonly id?: string | undefined
  /** `grantOwnerKey` of its owner. */
  readonly owner: string
  /** The RFC 8707 resource indicator of its grant, where there was one. */
  readonly resource?: string | undefined
  /** The key of the request parameters that its grant is bound to; nothing where there were none. */
  readonly grantKey?: string | undefined
  readonly token: string
  /** All that was asked of the grant behind it, the scopes of OpenID Connect included. */
  readonly requestedScopes: ScopeValues
  /** All that the grant behind it covers, the scopes of OpenID Connect included. */
  readonly grantedScopes: ScopeValues
  readonly issuedAtMs: number
  /** When the user signed in: rotation does not prolong what ends a while after that. */
  readonly signedInAtMs?: number | undefined
  /** `auth_time` of that sign-in, in seconds, where the ID token said it. */
  readonly authTime?: number | undefined
  /** By how much the provider's clock was ahead of ours when an ID token last told, in milliseconds. */
  readonly clockOffsetMs?: number | undefined
  /** Whether the provider replaced the refresh token when it was redeemed last; nothing where it was not yet. */
  readonly rotation?: 'each time' | 'never' | undefined
  /** Where the server says when it ends (`refresh_token_expires_in`). */
  readonly expiresAtMs?: number | undefined
}

/** What a caller wants a token for, with every default filled in. */
export interface TokenQuery<Owner extends TokenOwner = Account> extends ParameterKeys {
  readonly owner: Owner
  /** Default `Bearer`. Tokens of one type never answer queries for another. */
  readonly tokenType?: TokenType | undefined
  readonly profile: AuthorityProfile
  /** RFC 8707 resource indicator, or on Entra the resource that the scopes name; empty for none. */
  readonly resource: string
  /** To compare by; without the scopes of OpenID Connect. */
  readonly scopes: ScopeValues
  /** The same as the caller spelt them. */
  readonly texts: ScopeValues
  /** Another authority than the account's own: a tenant of Entra in which the account may be a guest. */
  readonly authority?: string | undefined
  /** A claims request that the token must answer; such a token is never taken from the cache. */
  readonly claims?: string | undefined
  /** The request parameters behind `parametersKey`, those of the sign-in among them. */
  readonly parameters?: RequestParameters | undefined
  /** How old the sign-in behind the token may be (`max_age`), in milliseconds. */
  readonly maxAgeMs?: number | undefined
  /** Asks although silence was refused, or the provider failed, a moment ago; not while that wants to be left alone. */
  readonly insists?: boolean | undefined
}

/** A token answers a question if it was asked for that, or was granted it: servers rename and drop scopes. */
export const answers = (record: AccessTokenRecord, scopes: ScopeValues): boolean =>
  covers(record.requestedScopes, scopes) || covers(record.grantedScopes, scopes)

/** A token with less life than this left counts as expired: it must survive the way to the API. */
const LONGEST_RESERVE_MS = 30_000

/** What says for how long a token lives. */
export type Life = Pick<AccessTokenRecord, 'issuedAtMs' | 'expiresAtMs' | 'extendedExpiresAtMs'>

/** True while the token can still be handed out. Short-lived tokens keep a tenth of their life in reserve. */
export const isFresh = ({ issuedAtMs, expiresAtMs }: Life, nowMs: number): boolean =>
  livesUntil(
    expiresAtMs - Math.min(LONGEST_RESERVE_MS, (expiresAtMs - issuedAtMs) / 10),
    issuedAtMs,
    nowMs,
  )

/** A token from the future was stored by a clock that has since been set back. */
export const livesUntil = (endMs: number, issuedAtMs: number, nowMs: number): boolean =>
  nowMs < endMs && nowMs >= issuedAtMs - LONGEST_RESERVE_MS

/** The newest counts: a caller who insisted on it had a reason. Of two as new, the one that lives longer. */
const isBetter = (a: AccessTokenRecord, b: AccessTokenRecord) =>
  a.issuedAtMs === b.issuedAtMs ? a.expiresAtMs > b.expiresAtMs : a.issuedAtMs > b.issuedAtMs

/** Decides whether a stored token may be handed out at `nowMs`. */
export type IsGood = (record: AccessTokenRecord, nowMs: number) => boolean

/** The best of `records` for `query`: of those that answer and are good enough, the newest. */
export function pickAccessToken(
  records: Iterable<AccessTokenRecord>,
  query: Pick<TokenQuery, 'scopes'>,
  nowMs: number,
  isGood: IsGood = isFresh,
): AccessTokenRecord | undefined {
  let best: AccessTokenRecord | undefined
  for (const record of records) {
    if (!isGood(record, nowMs) || !answers(record, query.scopes)) continue
    if (!best || isBetter(record, best)) best = record
  }
  return best
}
