import type { AuthorityProfile } from '../authority/authority-profile.ts'
import { difference, type ScopeValues } from './scope-values.ts'
import { scopeKey } from './token-scopes.ts'

/**
 * Which of the scopes that were asked for were not granted. A plain provider may give scopes new names (RFC 6749
 * section 5.1 lets it): where it granted as many unknown ones as are missing, nothing counts as declined.
 *
 * @param texts What was asked for, as the caller spelt it.
 * @param granted Keys of what was granted.
 * @param sent Keys of all that was sent to the provider, which may be more than was asked for.
 * @returns In the caller's spelling.
 */
export function declinedScopes(
  texts: ScopeValues,
  granted: ScopeValues,
  sent: ScopeValues,
  profile: AuthorityProfile,
): ScopeValues {
  const keyOf = (text: string) => scopeKey(text, profile)
  const isMissing = (key: string) => !granted.includes(key) && !standsForOthers(key, profile)
  const missing = texts.filter((text) => isMissing(keyOf(text)))
  if (missing.length === 0 || profile === 'entra') return missing
  const renamed = difference(difference(granted, sent), texts)
  return renamed.length >= missing.length ? [] : missing
}

/** Entra's `.default` stands for whatever was consented to: the answer may name that, and not it. */
const standsForOthers = (key: string, profile: AuthorityProfile) =>
  profile === 'entra' && key.endsWith('/.default')
