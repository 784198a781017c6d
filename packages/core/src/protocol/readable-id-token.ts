import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { encodeBase64Url } from '../encoding/base64url.ts'
import { parseJwtPart } from '../encoding/jwt-part.ts'
import { AuthError } from '../errors/errors.ts'
import { serverText } from '../errors/server-text.ts'

/**
 * The algorithm of an ID token from the token endpoint. TLS may replace the check of its signature (OpenID Connect Core
 * section 3.1.3.7, rule 6). So any algorithm except `none` is accepted if the provider lists no algorithms.
 *
 * @returns `undefined` if the token names no algorithm.
 * @throws AuthError `invalid_id_token` for `none`, and for an algorithm that the provider does not list.
 */
export function algorithmOf(
  idToken: unknown,
  { id_token_signing_alg_values_supported: listed }: ProviderMetadata,
): string | undefined {
  if (typeof idToken !== 'string') return undefined
  const { alg } = parseJwtPart(idToken.split('.')[0] ?? '') ?? {}
  if (typeof alg !== 'string') return undefined
  const named = serverText(alg) ?? 'none'
  if (named.toLowerCase() === 'none')
    throw new AuthError('invalid_id_token', 'The ID token is not signed: its `alg` is "none".')
  if (listed && !listed.includes(alg))
    throw new AuthError(
      'invalid_id_token',
      `The ID token is signed with ${named}, but the discovery document lists ${serverText(listed.join(', ')) ?? 'no algorithm'}.`,
    )
  return alg
}

/**
 * Removes a malformed `auth_time` from an ID token. `oauth4webapi` would refuse the token, but nothing depends on `auth_time`
 * unless the request had `max_age`. Use the result only to read claims: its signature is no longer valid.
 */
export function withoutMalformedAuthTime(idToken: unknown): unknown {
  if (typeof idToken !== 'string') return idToken
  const [head, payload = '', ...rest] = idToken.split('.')
  const claims = parseJwtPart(payload)
  if (!claims || !('auth_time' in claims) || isTime(claims.auth_time)) return idToken
  const { auth_time: _, ...others } = claims
  return [head, encodeBase64Url(JSON.stringify(others)), ...rest].join('.')
}

const isTime = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0
