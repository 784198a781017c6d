import * as oauth from 'oauth4webapi'
import type { IdTokenClaims } from '../accounts/account.ts'
import { homeAccountIdOf } from '../dialects/entra/client-info.ts'
import { AuthError } from '../errors/errors.ts'
import { type ScopeValues, toScopeValues } from '../scopes/scope-values.ts'
import type { TokenType } from '../tokens/token-record.ts'
import { clockOffsetMs, trustedOffsetMs } from './clock-offset.ts'
import { oauthClient, type ProtocolDeps, tokenFields } from './deps.ts'
import type { HttpAnswer } from './http.ts'
import { intermediaryError, isOfIntermediary, tokenEndpointError } from './oauth-error.ts'
import { algorithmOf, withoutMalformedAuthTime } from './readable-id-token.ts'
import { fromVendorError } from './vendor-error.ts'

/** RFC 6749 section 5.1 lets a server leave `expires_in` out; we then ask again after five minutes. */
const UNSTATED_LIFETIME_SECONDS = 300
/** A longer life than ten years is a mistake of the server, or an attempt to overflow a date. */
const LONGEST_LIFETIME_SECONDS = 10 * 365 * 24 * 3600

/** What a token endpoint granted, validated. */
export interface TokenGrant {
  readonly accessToken: string
  readonly tokenType: TokenType
  readonly grantedScopes: ScopeValues
  /** When the request was sent. */
  readonly issuedAtMs: number
  /** When the answer was there. */
  readonly receivedAtMs: number
  readonly expiresAtMs: number
  readonly refreshAtMs: number | undefined
  /** Until when the access token may still serve while the provider is down. */
  readonly extendedExpiresAtMs: number | undefined
  readonly refreshToken: string | undefined
  readonly refreshTokenExpiresAtMs: number | undefined
  /** Who the account is at home, on Entra. */
  readonly homeAccountId: string | undefined
  /** By how much the provider's clock is ahead of ours, in milliseconds; 0 where they agree. */
  readonly clockOffsetMs: number
  readonly idToken: string | undefined
  readonly idTokenClaims: IdTokenClaims | undefined
}

/**
 * Sends a token request and reads the answer. Lifetimes count from when the request was sent: the
 * server's clock started later, so that a token never outlives what is said of it.
 */
export async function requestTokens(
  requestedScopes: ScopeValues,
  secrets: readonly string[],
  deps: ProtocolDeps,
  send: (heard: (answer: HttpAnswer) => void) => Promise<Response>,
  process: (response: Response, client: oauth.Client) => Promise<oauth.TokenEndpointResponse>,
  /** Hears of an answer that is refused, before anything of it was verified. */
  onRefused?: (answer: Readonly<Record<string, unknown>>) => Promise<void>,
  /** True if the request had `max_age`: then `auth_time` must be right. */
  needsAuthTime = false,
): Promise<TokenGrant> {
  const { now, trueTimeMs, earlierOffsetMs, metadata, verifyIdToken } = deps
  const issuedAtMs = now()
  let answer: HttpAnswer | undefined
  const response = await send((heard) => {
    answer = heard
  }).catch((error) => {
    throw fromVendorError(error)
  })
  if (!answer || response.status !== 200)
    throw tokenEndpointError(answer ?? unheard(response), secrets, now(), earlierOffsetMs)
  const receivedAtMs = now()
  const unread = tokenFields(answer.body)
  if (!unread) {
    if (isOfIntermediary(answer)) throw intermediaryError('the token endpoint', answer.status)
    throw new AuthError(
      'invalid_response',
      'The token endpoint answered something that is not JSON.',
    )
  }
  const tokenOffsetMs = clockOffsetMs(unread.id_token, receivedAtMs)
  const offsetMs = await trustedOffsetMs(tokenOffsetMs, receivedAtMs, trueTimeMs, earlierOffsetMs)
  try {
    if (typeof unread.error === 'string' && unread.access_token === undefined)
      throw tokenEndpointError(answer, secrets, receivedAtMs, earlierOffsetMs)
    if (unread.id_token !== undefined && unread.access_token === undefined)
      throw new AuthError(
        'invalid_response',
        'No access token came: ask for a scope of an API (at Azure AD B2C the client id is one).',
      )
    const { id_token: idToken } = unread
    const client = oauthClient(deps, offsetMs, algorithmOf(idToken, metadata))
    const readable = needsAuthTime ? idToken : withoutMalformedAuthTime(idToken)
    const body = await process(jsonResponse({ ...unread, id_token: readable }), client)
    if (typeof idToken === 'string') await verifyIdToken?.(idToken, metadata)
    return {
      ...readGrant(body, requestedScopes, issuedAtMs),
      idToken: typeof idToken === 'string' ? idToken : undefined,
      receivedAtMs,
      clockOffsetMs: offsetMs,
    }
  } catch (error) {
    await onRefused?.(unread)
    throw fromVendorError(error)
  }
}

const jsonResponse = (fields: Readonly<Record<string, unknown>>): Response =>
  new Response(JSON.stringify(fields), { headers: { 'content-type': 'application/json' } })

/** OpenID Connect Core section 2; half a surrogate pair could stand in no key. */
const isSubject = (sub: string) => sub !== '' && sub.length <= 255 && !/\p{Cs}/u.test(sub)

const unheard = ({ status, headers }: Response): HttpAnswer => ({ status, headers, body: '' })

function readGrant(
  body: oauth.TokenEndpointResponse,
  requestedScopes: ScopeValues,
  issuedAtMs: number,
): Omit<TokenGrant, 'receivedAtMs' | 'clockOffsetMs' | 'idToken'> {
  const after = (seconds: unknown): number | undefined =>
    typeof seconds === 'number' && seconds >= 0 && Number.isFinite(seconds)
      ? issuedAtMs + Math.min(seconds, LONGEST_LIFETIME_SECONDS) * 1000
      : undefined
  const claims = oauth.getValidatedIdTokenClaims(body)
  if (claims && (typeof claims.sub !== 'string' || !isSubject(claims.sub))) {
    throw new AuthError(
      'invalid_id_token',
      'The ID token is not valid: `sub` must be 1 to 255 characters.',
    )
  }
  // Any other kind could not be used as a bearer token: nothing that it needs was sent.
  if (body.token_type !== 'bearer')
    throw new AuthError('invalid_response', 'The access token is not a bearer token.')
  return {
    accessToken: body.access_token,
    // oauth4webapi lowers the case; API gateways compare it as RFC 6750 writes it.
    tokenType: 'Bearer',
    grantedScopes: body.scope === undefined ? requestedScopes : toScopeValues(body.scope),
    issuedAtMs,
    expiresAtMs: after(body.expires_in) ?? issuedAtMs + UNSTATED_LIFETIME_SECONDS * 1000,
    refreshAtMs: after(body.refresh_in),
    extendedExpiresAtMs: after(body.ext_expires_in),
    refreshToken: body.refresh_token,
    // The second name is Keycloak's; 0 there means no end of its own.
    refreshTokenExpiresAtMs:
      after(body.refresh_token_expires_in) ?? after(body.refresh_expires_in || undefined),
    homeAccountId: homeAccountIdOf(body.client_info),
    idTokenClaims: claims && ({ ...claims } as IdTokenClaims),
  }
}
