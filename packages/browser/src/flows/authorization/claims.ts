import type { TokenQuery } from '@carnet/core'
import type { Config } from '../../api/config.ts'

/** The claims that the client adds to each request. */
type ClientClaims = Pick<Config, 'clientCapabilities' | 'idTokenClaims'>

/**
 * The `claims` parameter: the claims of the request, the client capabilities (`xms_cc`), which tell Entra whether to send claims
 * challenges, and the voluntary claims of the ID token.
 */
export function claimsParameter(
  requested: string | undefined,
  { clientCapabilities: capabilities, idTokenClaims }: ClientClaims,
): string | undefined {
  if (capabilities.length + idTokenClaims.length === 0) return requested
  const claims = JSON.parse(requested ?? '{}') as {
    access_token?: object
    id_token?: Record<string, unknown>
  }
  if (capabilities.length > 0)
    claims.access_token = { ...claims.access_token, xms_cc: { values: capabilities } }
  for (const name of idTokenClaims)
    claims.id_token = { [name]: { essential: false }, ...claims.id_token }
  return JSON.stringify(claims)
}

/** The query that also sends the claims of the client, with its own claims, or else with those of the sign-in. */
export const withClientClaims = (query: TokenQuery, client: ClientClaims): TokenQuery => ({
  ...query,
  sentClaims: claimsParameter(query.claims ?? query.parameters?.authorization.claims, client),
})
