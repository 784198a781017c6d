/** The outcome of scopes in a refresh, beyond those that the answer names. */
import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import { declinedScopes } from '../dialects/declined-scopes.ts'
import { scopeKey } from '../dialects/token-scopes.ts'
import { difference, type ScopeValues } from '../scopes/scope-values.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import type { ConsentState } from './consent-ledger.ts'

/**
 * The scopes that an answer without `scope` counts for. It means the scopes that were asked for (RFC 6749 section 5.1),
 * but a refresh cannot widen a grant (section 6), and some providers silently ignore what is wider.
 */
export const assumedScopes = (
  asked: ScopeValues,
  granted: ScopeValues,
  profile: AuthorityProfile,
) => (profile === 'entra' ? asked : asked.filter((scope) => granted.includes(scope)))

/** Keys of the scopes of a question that the user declined: they were not asked for, or the answer omits them again. */
export const stillDeclined = (
  { scopes, texts, profile }: TokenQuery,
  outcomes: readonly ConsentState[],
): ScopeValues => {
  const open = texts.filter((_, index) => outcomes[index] !== 'declined')
  return difference(
    scopes,
    open.map((text) => scopeKey(text, profile)),
  )
}

/**
 * Which scopes an answer leaves out that the user was never asked for: some providers do not refuse them.
 *
 * @param before What was known of each scope, in the order of `query.texts`.
 */
export function leftOut(
  { texts, profile }: TokenQuery,
  { grantedScopes }: Pick<AccessTokenRecord, 'grantedScopes'>,
  held: Pick<RefreshTokenRecord, 'requestedScopes'>,
  sent: ScopeValues,
  outcomes: readonly ConsentState[],
  before: readonly (ConsentState | undefined)[],
): ScopeValues {
  const isNew = (text: string) => {
    const index = texts.indexOf(text)
    const isUnasked = before[index] === undefined && !held.requestedScopes.includes(text)
    return isUnasked && outcomes[index] !== 'granted'
  }
  return declinedScopes(texts, grantedScopes, sent, profile).filter(isNew)
}
