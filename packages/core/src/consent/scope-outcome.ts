import { difference, type ScopeValues } from '../scopes/scope-values.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import type { ConsentState } from './consent-ledger.ts'

/** The result of a token request for its scopes. */
export interface ScopeAnswer {
  /** The keys of the granted scopes of an API. */
  readonly granted: ScopeValues
  /** The keys of all scopes that were sent to the provider; they may be more than the requested scopes. */
  readonly sent: ScopeValues
  /** False if the response obviously omits scopes that it granted. Default true. */
  readonly isComplete?: boolean
  /** True if the user was asked, and may have declined some scopes. Default true. */
  readonly isInteractive?: boolean
}

/**
 * The outcome of each scope of a query. `declined` needs evidence that the user declined the scope on a consent page: the
 * provider lists scopes of the API, but omits this scope. Many providers list no scopes of an API, or only some of the
 * granted scopes. And a refresh does not ask the user. A scope that such a response omits is `unknown`.
 *
 * @param before The earlier state of each scope, in the order of `query.texts`.
 * @param isListed True if the provider is known to list the scopes of its API.
 * @returns The states in the order of `query.texts`.
 */
export function scopeOutcomes(
  { requestedScopes, dialect }: Pick<TokenQuery, 'requestedScopes' | 'dialect'>,
  { granted, sent, isComplete = true, isInteractive = true }: ScopeAnswer,
  before: readonly (ConsentState | undefined)[],
  isListed: boolean,
): ConsentState[] {
  const { listsGrantedScopes } = dialect
  const missing = dialect.missingScopes(requestedScopes, granted)
  const isTold = listsGrantedScopes || (isComplete && (isListed || sent.some(isIn(granted))))
  const added = difference(difference(granted, sent), requestedScopes)
  return requestedScopes.map((text, index) => {
    if (!missing.includes(text)) return 'granted'
    if (!listsGrantedScopes && added.some((name) => isNewName(name, text))) return 'granted'
    const known = before[index]
    if (!isInteractive) {
      if (known === 'declined') return 'declined'
      return known === 'granted' && !isTold ? 'granted' : 'unknown'
    }
    // If at least as many unknown scopes were granted as are missing, they may be renamed (RFC 6749 section 5.1).
    const isRenamed = !listsGrantedScopes && added.length >= missing.length
    return isTold && !isRenamed ? 'declined' : 'unknown'
  })
}

const isIn = (scopes: ScopeValues) => (scope: string) => scopes.includes(scope)

/** True if `name` is `scope` with the API as a prefix: `https://api.example/Read` for `Read`. */
const isNewName = (name: string, scope: string): boolean => {
  const end = scope.toLowerCase()
  return ['/', ':', '.'].some((separator) => name.toLowerCase().endsWith(separator + end))
}
