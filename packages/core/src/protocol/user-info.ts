import type { IdTokenClaims } from '../accounts/account.ts'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { parseJsonObject } from '../encoding/json.ts'
import { parseJwtPart } from '../encoding/jwt-part.ts'
import { AuthError } from '../errors/errors.ts'
import type { VerifyIdToken } from './deps.ts'
import type { Http } from './http.ts'
import { readOAuthError } from './oauth-error.ts'
import { parseChallenges } from './www-authenticate.ts'

/** The claims of a userinfo response (OpenID Connect Core section 5.3.2). */
export type UserInfo = Readonly<Record<string, unknown>> & { readonly sub: string }

/** The dependencies of a userinfo request. */
export interface UserInfoDeps {
  readonly metadata: ProviderMetadata
  readonly clientId: string
  readonly http: Http
  /** Verifies the signature of a JWT with the keys of the provider. */
  readonly verifyJwt: VerifyIdToken
}

/**
 * Requests the claims of the user from the userinfo endpoint. The response is JSON, or a signed JWT. Its `sub` must equal the
 * `sub` of the ID token; otherwise an attacker may have replaced the access token (OpenID Connect Core section 5.3.2).
 *
 * @throws AuthError `userinfo_failed` for an error status, with the challenge of the endpoint in `oauth`.
 * @throws AuthError `invalid_response` for a response about another user, and for an encrypted or malformed response.
 */
export async function userInfo(
  accessToken: string,
  { sub }: Pick<IdTokenClaims, 'sub'>,
  { metadata, clientId, http, verifyJwt }: UserInfoDeps,
): Promise<UserInfo> {
  const { userinfo_endpoint: url, issuer } = metadata
  if (url === undefined)
    throw new AuthError('userinfo_failed', `${issuer} has no userinfo endpoint.`)
  const { status, headers, body } = await http(url, {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/json' },
    redirect: 'manual',
  })
  if (status !== 200) {
    const challenge = parseChallenges(headers.get('www-authenticate')).find(
      ({ scheme }) => scheme === 'bearer' || scheme === 'dpop',
    )
    throw new AuthError(
      'userinfo_failed',
      `The userinfo endpoint answered with status ${status}.`,
      {
        oauth: readOAuthError(Object.fromEntries(challenge?.parameters ?? []), [accessToken]),
      },
    )
  }
  const isJwt = /^\s*application\/jwt\b/i.test(headers.get('content-type') ?? '') || JWT.test(body)
  const claims = isJwt ? await signedClaims(body.trim()) : parseJsonObject(body)
  if (!claims || claims.sub !== sub)
    throw invalid(claims ? 'is about another user' : 'is not a JSON object')
  return { ...claims, sub }

  async function signedClaims(jwt: string): Promise<Record<string, unknown> | undefined> {
    if (jwt.split('.').length === 5)
      throw invalid('is encrypted (JWE), which Carnet does not support')
    await verifyJwt(jwt, metadata).catch((cause: AuthError) => {
      // If the keys cannot be fetched, the response is not at fault.
      throw cause.code === 'invalid_id_token'
        ? invalid(`is an invalid JWT: ${cause.message}`)
        : cause
    })
    const signed = parseJwtPart(jwt.split('.')[1] ?? '')
    const { iss = issuer, aud = clientId } = signed ?? {}
    if (iss !== issuer) throw invalid('is a JWT of another issuer')
    if (![aud].flat().includes(clientId)) throw invalid('is a JWT for another client')
    return signed
  }
}

/** The compact form of a signed or an encrypted JWT (RFC 7515 section 3.1, RFC 7516 section 3.1). */
const JWT = /^\s*[\w-]+\.[\w-]*\.[\w-]*(?:\.[\w-]*\.[\w-]*)?\s*$/

const invalid = (why: string) => new AuthError('invalid_response', `The userinfo ${why}.`)
