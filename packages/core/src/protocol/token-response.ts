import * as oauth from 'oauth4webapi'
import type { IdTokenClaims } from '../accounts/account.ts'
import { AuthError } from '../errors/errors.ts'
import { resourceScopes, type ScopeValues, toScopeValues } from '../scopes/scope-values.ts'
import type { TokenType } from '../tokens/token-record.ts'
import { clockOffsetMs, trustedOffsetMs } from './clock-offset.ts'
import { oauthClient, type ProtocolDeps, tokenFields } from './deps.ts'
import type { HttpAnswer } from './http.ts'
import { intermediaryError, isOfIntermediary, tokenEndpointError } from './oauth-error.ts'
import { algorithmOf, withoutMalformedAuthTime } from './readable-id-token.ts'
import { fromVendorError } from './vendor-error.ts'

/** The assumed lifetime of a token without `expires_in`, which RFC 6749 section 5.1 allows. */
const UNSTATED_LIFETIME_SECONDS = 300
/** A longer lifetime is a mistake of the server, or an attempt to overflow a date. */
const LONGEST_LIFETIME_SECONDS = 10 * 365 * 24 * 3600

/** A validated token response (RFC 6749 section 5.1). Instants are milliseconds since the epoch, by the page's clock. */
export interface TokenResponse {
  /** Empty for a response without an access token; see `ProviderDialect.mayOmitAccessToken`. */
  readonly accessToken: string
  readonly tokenType: TokenType
  /** The thumbprint of the key that the tokens are bound to (RFC 9449). */
  readonly jkt?: string | undefined
  readonly grantedScopes: ScopeValues
  /** The time at which the request was sent. */
  readonly issuedAtMs: number
  /** The time at which the response arrived. */
  readonly receivedAtMs: number
  readonly expiresAtMs: number
  /** The time at which the provider suggests a renewal (`refresh_in`). */
  readonly refreshAtMs: number | undefined
  /** The time until which the access token may serve during an outage (`ext_expires_in`). */
  readonly extendedExpiresAtMs: number | undefined
  readonly refreshToken: string | undefined
  readonly refreshTokenExpiresAtMs: number | undefined
  /** The id of the home account, on Entra. */
  readonly homeAccountId: string | undefined
  /** How far the provider's clock is ahead of the page's clock, in milliseconds; 0 if the clocks agree. */
  readonly clockOffsetMs: number
  readonly idToken: string | undefined
  readonly idTokenClaims: IdTokenClaims | undefined
  /** All members of the response except the tokens, as the provider sent them. */
  readonly members?: ResponseMembers | undefined
}

/** Members of a token response, by their wire names (RFC 6749 section 5.1). */
export type ResponseMembers = Readonly<Record<string, unknown>>

/** The access token in the place of a missing access token, for `oauth4webapi`. */
const NO_TOKEN = { access_token: 'none', token_type: 'bearer' }

/**
 * Sends a token request and validates the response. Lifetimes count from the time at which the request was sent. The server
 * counts from a later time, so the token never expires before the stored time.
 *
 * @param requestedScopes The granted scopes if the response has no `scope`.
 * @param secrets Values to remove from the texts of an error.
 */
export async function requestTokens(
  requestedScopes: ScopeValues,
  secrets: readonly string[],
  deps: ProtocolDeps,
  send: (heard: (answer: HttpAnswer) => void) => Promise<Response>,
  process: (response: Response, client: oauth.Client) => Promise<oauth.TokenEndpointResponse>,
  /** Receives the fields of a response that fails its checks. No field is verified. */
  onRefused?: (answer: Readonly<Record<string, unknown>>) => Promise<void>,
  /** True if the request had `max_age`: then `auth_time` must be valid. */
  needsAuthTime = false,
): Promise<TokenResponse> {
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
      'The response of the token endpoint is not a JSON object.',
    )
  }
  const tokenOffsetMs = clockOffsetMs(unread.id_token, receivedAtMs)
  const offsetMs = await trustedOffsetMs(tokenOffsetMs, receivedAtMs, trueTimeMs, earlierOffsetMs)
  try {
    if (typeof unread.error === 'string' && unread.access_token === undefined)
      throw tokenEndpointError(answer, secrets, receivedAtMs, earlierOffsetMs)
    const { id_token: idToken, access_token: accessToken } = unread
    const isMissing = idToken !== undefined && accessToken === undefined
    if (isMissing && !mayBeMissing(requestedScopes, deps))
      throw new AuthError(
        'invalid_response',
        'The response has no access token: request a scope of an API (at Azure AD B2C, the client id).',
      )
    const client = oauthClient(deps, offsetMs, algorithmOf(idToken, metadata))
    const readable = needsAuthTime ? idToken : withoutMalformedAuthTime(idToken)
    const checked = { ...unread, ...(isMissing && NO_TOKEN), id_token: readable }
    const body = await process(jsonResponse(checked), client)
    if (typeof idToken === 'string') await verifyIdToken?.(idToken, metadata)
    return {
      ...readGrant(
        body,
        requestedScopes,
        issuedAtMs,
        isMissing ? WITHOUT_TOKEN : deps,
        deps.dialect,
      ),
      ...(isMissing && withoutToken(unread, issuedAtMs)),
      members: withoutTokens(unread),
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

/** A response that needs no key, because it has no access token. */
const WITHOUT_TOKEN: Pick<ProtocolDeps, 'binding'> = {}

/** True if the provider may answer these scopes with an ID token only. */
const mayBeMissing = (scopes: ScopeValues, { dialect }: Pick<ProtocolDeps, 'dialect'>) =>
  dialect.mayOmitAccessToken && resourceScopes(scopes).length === 0

/** The fields of a response without an access token. Its ID token counts as the token that expires. */
function withoutToken(
  { id_token_expires_in: stated }: ResponseMembers,
  issuedAtMs: number,
): Pick<TokenResponse, 'accessToken'> & Partial<TokenResponse> {
  if (typeof stated !== 'number' || !(stated > 0)) return { accessToken: '' }
  const seconds = Math.min(stated, LONGEST_LIFETIME_SECONDS)
  return { accessToken: '', expiresAtMs: issuedAtMs + seconds * 1000 }
}

function withoutTokens({
  access_token: _,
  refresh_token: __,
  id_token: ___,
  ...members
}: ResponseMembers): ResponseMembers {
  return members
}

function earliest(...instants: readonly (number | undefined)[]): number | undefined {
  const known = instants.filter((instant) => instant !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** OpenID Connect Core section 2. A lone surrogate is refused too, because no key can contain it. */
const isSubject = (sub: string) => sub !== '' && sub.length <= 255 && !/\p{Cs}/u.test(sub)

const unheard = ({ status, headers }: Response): HttpAnswer => ({ status, headers, body: '' })

function readGrant(
  body: oauth.TokenEndpointResponse,
  requestedScopes: ScopeValues,
  issuedAtMs: number,
  { binding }: Pick<ProtocolDeps, 'binding'>,
  dialect: ProtocolDeps['dialect'],
): Omit<TokenResponse, 'receivedAtMs' | 'clockOffsetMs' | 'idToken'> {
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
  // Other token types need request parameters that were not sent.
  const isBound = binding !== undefined && body.token_type === 'dpop'
  if (binding?.isRequired && !isBound)
    throw new AuthError('dpop_refused', 'The provider answered a proof with a bearer token.')
  if (!isBound && body.token_type !== 'bearer')
    throw new AuthError('invalid_response', 'The access token is not a bearer token.')
  return {
    accessToken: body.access_token,
    // oauth4webapi returns lower case, but some API gateways require the spelling of RFC 6750.
    tokenType: isBound ? 'DPoP' : 'Bearer',
    jkt: isBound ? binding.jkt : undefined,
    grantedScopes: body.scope === undefined ? requestedScopes : toScopeValues(body.scope),
    issuedAtMs,
    expiresAtMs: after(body.expires_in) ?? issuedAtMs + UNSTATED_LIFETIME_SECONDS * 1000,
    refreshAtMs: after(body.refresh_in),
    extendedExpiresAtMs: after(body.ext_expires_in),
    refreshToken: body.refresh_token,
    refreshTokenExpiresAtMs: earliest(
      // The second name is Keycloak's, where 0 means that the refresh token has no expiry of its own.
      after(body.refresh_token_expires_in) ?? after(body.refresh_expires_in || undefined),
      // draft-ietf-oauth-refresh-token-expiration: the refresh token, and the authorization behind it.
      after(body.refresh_token_timeout),
      after(body.authorization_expires_in),
    ),
    homeAccountId: dialect.homeAccountIdOf(body),
    idTokenClaims: claims && ({ ...claims } as IdTokenClaims),
  }
}
