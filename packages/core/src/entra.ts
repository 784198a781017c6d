/** What accounts and scopes of Entra are read with, for those who need no more of it before their first token. */
export { withTenantProfiles } from './accounts/tenant-profiles.ts'
export { entraDialect } from './scopes/entra-dialect.ts'
