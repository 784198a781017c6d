import * as oauth from 'oauth4webapi'
import { AuthError } from '../errors/errors.ts'
import { oauthClient, oauthServer, type ProtocolDeps, viaHttp } from './deps.ts'

/**
 * Revokes a token at the provider (RFC 7009): a refresh token with its grant, or an access token.
 *
 * @throws AuthError `revocation_failed` if the provider has no revocation endpoint, or if the request fails.
 */
export async function revoke(
  token: string,
  deps: ProtocolDeps,
  hint: 'refresh_token' | 'access_token' = 'refresh_token',
): Promise<void> {
  const { metadata, http } = deps
  if (metadata.revocation_endpoint === undefined)
    throw new AuthError('revocation_failed', `${metadata.issuer} has no revocation endpoint.`)
  let status = 0
  const options = viaHttp(http, (answer) => {
    status = answer.status
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
  if (status !== 200)
    throw new AuthError(
      'revocation_failed',
      `The revocation endpoint answered with status ${status}.`,
    )
}
