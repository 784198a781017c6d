/** What accounts and scopes of Entra are read with, for those who need no more of it before their first token. */

export { entraDialect } from './dialects/entra/entra-dialect.ts'
export { withTenantProfiles } from './dialects/entra/tenant-profiles.ts'
