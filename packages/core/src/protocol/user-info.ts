import type { IdTokenClaims } from '../accounts/account.ts'
import type { ProviderMetadata } from '../authority/provider-metadata.ts'
import { AuthError } from '../errors.ts'
import { parseJsonObject } from '../json.ts'
import type { Http } from './http.ts'
import { readOAuthError } from './oauth-error.ts'
import { parseChallenges } from './www-authenticate.ts'

/** What the userinfo endpoint says of a person (OpenID Connect Core 5.3.2). */
export type UserInfo = Readonly<Record<string, unknown>> & { readonly sub: string }

/**
 * Asks the userinfo endpoint about the owner of an access token. The answer must be about the subject of the ID token:
 * else another person's token was put in place of theirs.
 *
 * @throws AuthError `userinfo_failed`, with what the endpoint challenged in `oauth`; `invalid_response` for an answer
 * about somebody else, or none at all.
 */
export async function userInfo(
  accessToken: string,
  { sub }: Pick<IdTokenClaims, 'sub'>,
  { metadata, http }: { metadata: ProviderMetadata; http: Http },
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
      ({ scheme }) => scheme === 'bearer',
    )
    throw new AuthError(
      'userinfo_failed',
      `The userinfo endpoint answered with status ${status}.`,
      {
        oauth: readOAuthError(Object.fromEntries(challenge?.parameters ?? []), [accessToken]),
      },
    )
  }
  const claims = parseJsonObject(body)
  if (!claims || claims.sub !== sub)
    throw new AuthError(
      'invalid_response',
      claims ? 'The userinfo is about somebody else.' : 'The userinfo is not a JSON object.',
    )
  return { ...claims, sub }
}
