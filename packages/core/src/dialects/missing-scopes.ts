import { difference, type ScopeValues } from '../scopes/scope-values.ts'
import type { AuthorityProfile } from './authority-profile.ts'
import { entraDialect } from './entra/entra-dialect.ts'

/** Which of `texts` are not among the keys of what was granted, in the caller's spelling; `.default` never is. */
export const missingScopes = (
  texts: ScopeValues,
  granted: ScopeValues,
  profile: AuthorityProfile,
): ScopeValues =>
  profile === 'entra' ? entraDialect.declined(texts, granted, []) : difference(texts, granted)
