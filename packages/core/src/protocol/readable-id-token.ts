import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { encodeBase64Url } from '../encoding/base64url.ts'
import { parseJwtPart } from '../encoding/jwt-part.ts'
import { AuthError } from '../errors/errors.ts'
import { serverText } from '../errors/server-text.ts'

/**
 * The algorithm of an ID token that came from the token endpoint. TLS may replace the check of its signature (OpenID
 * Connect Core 3.1.3.7, rule 6), so that any algorithm will do if the provider lists none. `none` never will.
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
      `The ID token is signed with ${named}, and the discovery document lists ${serverText(listed.join(', ')) ?? 'no algorithm'}.`,
    )
  return alg
}

/**
 * The ID token without an `auth_time` that is no number: `oauth4webapi` refuses it, and nothing depends on it unless the
 * request had `max_age`. The result is for reading the claims only: its signature no longer fits.
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
