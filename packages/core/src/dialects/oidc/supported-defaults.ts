import type { ScopeMetadata } from '../provider-dialect.ts'

/** The scopes of `defaults` that the discovery document does not rule out. */
export function supportedDefaults(
  { scopes_supported: scopes, grant_types_supported: grants }: ScopeMetadata,
  defaults: readonly string[],
): string[] {
  // Without the grant type `refresh_token` there is no use for `offline_access`.
  const cannotRefresh = !scopes && grants && !grants.includes('refresh_token')
  return defaults.filter((scope) =>
    scopes ? scopes.includes(scope) : !(cannotRefresh && scope === 'offline_access'),
  )
}
