import type { ScopeMetadata } from '../provider-dialect.ts'

/** The scopes of `defaults` that the provider may support, by its discovery document. */
export function supportedDefaults(
  { scopes_supported: scopes, grant_types_supported: grants }: ScopeMetadata,
  defaults: readonly string[],
): string[] {
  // Without the grant type `refresh_token`, `offline_access` has no effect.
  const cannotRefresh = !scopes && grants && !grants.includes('refresh_token')
  return defaults.filter((scope) =>
    scopes ? scopes.includes(scope) : !(cannotRefresh && scope === 'offline_access'),
  )
}
