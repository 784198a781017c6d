import * as oauth from 'oauth4webapi'
import { parseJsonObject } from '../encoding/json.ts'
import { AuthError } from '../errors/errors.ts'
import { oauthClient, oauthServer, type ProtocolDeps, viaHttp } from './deps.ts'
import type { HttpAnswer } from './http.ts'
import { readOAuthError } from './oauth-error.ts'

/**
 * Revokes a token at the provider (RFC 7009): a refresh token with its grant, or an access token.
 *
 * @throws AuthError `revocation_failed` if the provider has no revocation endpoint, or if the request fails; with `oauth`, if the
 * provider names an error (RFC 7009 section 2.2.1).
 */
export async function revoke(
  token: string,
  deps: ProtocolDeps,
  hint: 'refresh_token' | 'access_token' = 'refresh_token',
): Promise<void> {
  const { metadata, http } = deps
  if (metadata.revocation_endpoint === undefined)
    throw new AuthError('revocation_failed', `${metadata.issuer} has no revocation endpoint.`)
  let answer: HttpAnswer | undefined
  const options = viaHttp(http, (heard) => {
    answer = heard
  })
  try {
    await oauth.revocationRequest(oauthServer(deps), oauthClient(deps), oauth.None(), token, {
      ...options,
      additionalParameters: { token_type_hint: hint },
    })
  } catch (cause) {
    const why = cause instanceof AuthError ? cause : undefined
    throw new AuthError('revocation_failed', 'The revocation endpoint could not be reached.', {
      cause: why,
    })
  }
  if (answer?.status !== 200)
    throw new AuthError(
      'revocation_failed',
      `The revocation endpoint answered with status ${answer?.status}.`,
      { oauth: readOAuthError(parseJsonObject(answer?.body ?? '') ?? {}, [token]) },
    )
}
