/** The outcome of a refresh for scopes that the response does not list. */
import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import { difference, type ScopeValues } from '../scopes/scope-values.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import type { ConsentState } from './consent-ledger.ts'

/**
 * The granted scopes of a response without `scope`. It means the requested scopes (RFC 6749 section 5.1). But a refresh
 * cannot widen a grant (section 6), and some providers silently ignore wider scopes.
 */
export const assumedScopes = (
  asked: ScopeValues,
  granted: ScopeValues,
  { refreshWidensGrant }: Pick<ProviderDialect, 'refreshWidensGrant'>,
) => (refreshWidensGrant ? asked : asked.filter((scope) => granted.includes(scope)))

/** The keys of the scopes of a query that the user declined, and that the refresh did not grant. */
export const stillDeclined = (
  { scopeKeys, requestedScopes, dialect }: TokenQuery,
  outcomes: readonly ConsentState[],
): ScopeValues => {
  const open = requestedScopes.filter((_, index) => outcomes[index] !== 'declined')
  return difference(scopeKeys, open.map(dialect.scopeKey))
}

/**
 * The scopes that the response omits and that the user was never asked for. Some providers omit such scopes and do not refuse
 * them.
 *
 * @param before The earlier state of each scope, in the order of `query.texts`.
 */
export function leftOut(
  { requestedScopes, dialect }: TokenQuery,
  { grantedScopes }: Pick<AccessTokenRecord, 'grantedScopes'>,
  held: Pick<RefreshTokenRecord, 'requestedScopes'>,
  sent: ScopeValues,
  outcomes: readonly ConsentState[],
  before: readonly (ConsentState | undefined)[],
): ScopeValues {
  const isNew = (text: string) => {
    const index = requestedScopes.indexOf(text)
    const isUnasked = before[index] === undefined && !held.requestedScopes.includes(text)
    return isUnasked && outcomes[index] !== 'granted'
  }
  return dialect.declinedScopes(requestedScopes, grantedScopes, sent).filter(isNew)
}
