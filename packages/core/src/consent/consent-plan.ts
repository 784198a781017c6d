import type { Account } from '../accounts/account.ts'
import type { ProviderDialect } from '../dialects/provider-dialect.ts'
import type { ParameterKeys } from '../parameters/request-parameters.ts'
import { forecastOf } from '../tokens/forecast.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import { indicatorOf, toTokenQuery } from '../tokens/token-query.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import type { ConsentLedger, ConsentState } from './consent-ledger.ts'

/** The needs of a token request for one resource. */
export interface ConsentPlan {
  readonly resource: string
  readonly scopes: readonly string[]
  /**
   * - `cached`: the cache holds a token.
   * - `silent`: the refresh token can get a token.
   * - `prompt`: the user must be asked.
   * - `declined`: the user declined some of the scopes; only an explicit request asks again.
   */
  readonly status: 'cached' | 'silent' | 'prompt' | 'declined'
  /** The scopes of `scopes` that the user declined. */
  readonly declinedScopes: readonly string[]
}

/**
 * Splits scopes into one query per resource, because a token is for one resource. Scopes without a resource become one query.
 *
 * @throws AuthError `invalid_request` for a malformed scope.
 */
export function splitByResource(
  account: Account,
  scopes: readonly string[],
  dialect: ProviderDialect,
  resource?: string,
  keys: ParameterKeys & Pick<TokenQuery, 'tokenType'> = {},
): TokenQuery[] {
  return dialect
    .splitByResource(scopes)
    .map((group) => toTokenQuery(account, group, { dialect, resource, ...keys }))
}

/** Predicts what a token request needs, from stored data only: it asks neither the provider nor the user. */
export async function planConsent(
  query: TokenQuery,
  deps: { cache: TokenCache; ledger: ConsentLedger; now: () => number },
): Promise<ConsentPlan> {
  const { cache, ledger, now } = deps
  const indicator = indicatorOf(query)
  const [token, refreshToken, states] = await Promise.all([
    cache.find(query, now()),
    cache.refreshToken(query.owner, indicator, query.grantKey),
    ledger.states(query),
  ])
  const declinedScopes = query.requestedScopes.filter(
    (_text, index) => states[index] === 'declined',
  )
  // The general grant says nothing about the scopes of another resource.
  const own = refreshToken?.resource === indicator ? refreshToken : undefined
  const granted = own?.grantedScopes.map(query.dialect.scopeKey)
  const status = () => {
    if (declinedScopes.length > 0) return 'declined'
    if (token) return 'cached'
    const isGranted = (state: ConsentState | undefined, index: number) =>
      state === 'unknown' ||
      // A seeded session, or a session from before the ledger, has a refresh token but no entries.
      state === 'granted' ||
      (!state && granted?.includes(query.dialect.scopeKey(query.requestedScopes[index] ?? '')))
    const { silentUntil } = forecastOf(refreshToken, undefined, query.dialect)
    const hasEnded = silentUntil !== undefined && silentUntil.getTime() <= now()
    return refreshToken && !hasEnded && states.every(isGranted) ? 'silent' : 'prompt'
  }
  return {
    resource: query.resource,
    scopes: query.requestedScopes,
    status: status(),
    declinedScopes,
  }
}
