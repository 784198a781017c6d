import type { ScopeValues } from '../scopes/scope-values.ts'
import type { AuthorityProfile } from './authority-profile.ts'
import { entraDialect } from './entra/entra-dialect.ts'
import { oidcDialect } from './oidc/oidc-scopes.ts'

/** The requested scopes that were not granted; see `Dialect.declined`. */
export const declinedScopes = (
  texts: ScopeValues,
  granted: ScopeValues,
  sent: ScopeValues,
  profile: AuthorityProfile,
): ScopeValues => (profile === 'entra' ? entraDialect : oidcDialect).declined(texts, granted, sent)
