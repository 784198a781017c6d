/** The part of the Entra support that reads accounts and scopes; a page needs no more of it before its first token. */

export { entraDialect } from './dialects/entra/entra-dialect.ts'
export { withTenantProfiles } from './dialects/entra/tenant-profiles.ts'
