import { difference, type ScopeValues } from '../scopes/scope-values.ts'
import type { AuthorityProfile } from './authority-profile.ts'
import { entraDialect } from './entra/entra-dialect.ts'

/** The scopes of `texts` that are not in `granted` (keys), in the caller's spelling. `.default` never counts as missing. */
export const missingScopes = (
  texts: ScopeValues,
  granted: ScopeValues,
  profile: AuthorityProfile,
): ScopeValues =>
  profile === 'entra' ? entraDialect.declined(texts, granted, []) : difference(texts, granted)
