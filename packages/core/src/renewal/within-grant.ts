import type { ConsentLedger } from '../consent/consent-ledger.ts'
import type { InteractionRequiredError } from '../errors/interaction-required.ts'
import { covers, resourceScopes } from '../scopes/scope-values.ts'
import { union } from '../scopes/union.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import type { RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import { needsUser } from './needs-user.ts'

/**
 * True if the refresh request would ask for more than the grant of the refresh token, and the provider may rotate. More than
 * the grant is another resource (RFC 8707 section 2.2), or wider scopes (RFC 6749 section 6).
 *
 * Some providers rotate the refresh token before they refuse such a request, and the refusal does not carry the new
 * token. The next refresh request is then a replay, which ends the session. A hidden iframe has no such risk. So Carnet
 * sends the request only if the provider is known not to rotate. On Microsoft Entra ID one refresh token serves every
 * resource. Auth0 ignores the resource of such a request, so the request is never sent there.
 */
export async function risksSession(
  query: TokenQuery,
  held: RefreshTokenRecord,
  ledger: Pick<ConsentLedger, 'states'>,
): Promise<boolean> {
  const { refreshWidensGrant, ignoresOtherResource } = query.dialect
  const resource = indicatorOf(query)
  const isOther = resource !== undefined && resource !== held.resource
  if (isOther && ignoresOtherResource) return true
  if (refreshWidensGrant || held.rotation === 'never') return false
  if (isOther) return true
  const named = union(held.requestedScopes, held.grantedScopes)
  if (covers(named, resourceScopes(query.requestedScopes))) return false
  // A later consent of the user extends the same grant.
  const states = await ledger.states(query)
  const granted = query.requestedScopes.filter((_, index) => states[index] === 'granted')
  return !covers(union(named, granted), resourceScopes(query.requestedScopes))
}

const beyondGrant = new WeakSet<object>()

/** The error for a query that is beyond the grant of the refresh token; no request was sent. */
export function neededBeyondGrant(query: TokenQuery): InteractionRequiredError {
  const message = 'The grant of the refresh token does not cover the requested scopes or resource.'
  const error = needsUser('consent', message, query)
  beyondGrant.add(error)
  return error
}

/** True for an error of `neededBeyondGrant`. The provider's session may still answer in a hidden iframe. */
export const isBeyondGrant = (error: object): boolean => beyondGrant.has(error)
