import type { AuthorityProfile } from '../authority/authority-profile.ts'
import { entraDialect } from './entra-dialect.ts'
import { oidcDialect } from './oidc-scopes.ts'
import type { ScopeValues } from './scope-values.ts'

/** Which of the scopes that were asked for were not granted: see `Dialect.declined`. */
export const declinedScopes = (
  texts: ScopeValues,
  granted: ScopeValues,
  sent: ScopeValues,
  profile: AuthorityProfile,
): ScopeValues => (profile === 'entra' ? entraDialect : oidcDialect).declined(texts, granted, sent)
