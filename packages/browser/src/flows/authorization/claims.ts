import type { TokenQuery } from '@carnet/core'

/**
 * The `claims` parameter: the claims of the request, and the client capabilities (`xms_cc`), which tell Entra whether to send
 * claims challenges.
 */
export function claimsParameter(
  requested: string | undefined,
  capabilities: readonly string[],
): string | undefined {
  if (capabilities.length === 0) return requested
  const claims = JSON.parse(requested ?? '{}') as { access_token?: object }
  const access_token = { ...claims.access_token, xms_cc: { values: capabilities } }
  return JSON.stringify({ ...claims, access_token })
}

/** The query with its claims, or else the claims of the sign-in, and with the client capabilities. */
export const withClientCapabilities = (
  query: TokenQuery,
  capabilities: readonly string[],
): TokenQuery => ({
  ...query,
  claims: claimsParameter(query.claims ?? query.parameters?.authorization.claims, capabilities),
})
