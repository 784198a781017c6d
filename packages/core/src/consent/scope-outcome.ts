import { missingScopes } from '../dialects/missing-scopes.ts'
import { difference, type ScopeValues } from '../scopes/scope-values.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import type { ConsentState } from './consent-ledger.ts'

/** The outcome of the scopes that a token request asked for. */
export interface ScopeAnswer {
  /** Keys of the granted scopes of an API. */
  readonly granted: ScopeValues
  /** Keys of all that was sent to the provider, which may be more than was wanted. */
  readonly sent: ScopeValues
  /** False for an answer that obviously omits scopes that it granted. Default true. */
  readonly isComplete?: boolean
  /** True where the user was there, and may have narrowed what the page asked for. Default true. */
  readonly isInteractive?: boolean
}

/**
 * The outcome of each scope of a question. `declined` needs a sign that the user narrowed a consent page: the provider
 * lists scopes of the API, and leaves this one out. Many providers list no such scope, or only some of those that they
 * granted; and a refresh asks nobody. A scope that such an answer omits is `unknown`.
 *
 * @param before What was known of each scope, in the order of `query.texts`.
 * @param isListed True where the provider is known to list the scopes of its API.
 * @returns In the order of `query.texts`.
 */
export function scopeOutcomes(
  { texts, profile }: Pick<TokenQuery, 'texts' | 'profile'>,
  { granted, sent, isComplete = true, isInteractive = true }: ScopeAnswer,
  before: readonly (ConsentState | undefined)[],
  isListed: boolean,
): ConsentState[] {
  const missing = missingScopes(texts, granted, profile)
  const isTold = profile === 'entra' || (isComplete && (isListed || sent.some(isIn(granted))))
  const added = difference(difference(granted, sent), texts)
  return texts.map((text, index) => {
    if (!missing.includes(text)) return 'granted'
    if (profile === 'oidc' && added.some((name) => isNewName(name, text))) return 'granted'
    const known = before[index]
    if (!isInteractive) {
      if (known === 'declined') return 'declined'
      return known === 'granted' && !isTold ? 'granted' : 'unknown'
    }
    // As many unknown scopes as are missing may be new names for these (RFC 6749 section 5.1).
    const isRenamed = profile === 'oidc' && added.length >= missing.length
    return isTold && !isRenamed ? 'declined' : 'unknown'
  })
}

const isIn = (scopes: ScopeValues) => (scope: string) => scopes.includes(scope)

/** True where `name` is `scope` with the API before it: `https://api.example/Read` for `Read`. */
const isNewName = (name: string, scope: string): boolean => {
  const end = scope.toLowerCase()
  return ['/', ':', '.'].some((separator) => name.toLowerCase().endsWith(separator + end))
}
