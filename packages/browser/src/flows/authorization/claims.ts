import type { TokenQuery } from '@carnet/core'

/**
 * The `claims` parameter: what the request asks for, and what the app can do (`xms_cc`), by which Entra knows whether
 * to send challenges.
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

/** The question with the claims of its sign-in, where it names none, and with what the app can do. */
export const capable = (query: TokenQuery, capabilities: readonly string[]): TokenQuery => ({
  ...query,
  claims: claimsParameter(query.claims ?? query.parameters?.authorization.claims, capabilities),
})
