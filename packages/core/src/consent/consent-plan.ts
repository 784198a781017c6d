import type { Account } from '../accounts/account.ts'
import type { AuthorityProfile } from '../dialects/authority-profile.ts'
import { scopeKey } from '../dialects/token-scopes.ts'
import type { ParameterKeys } from '../parameters/request-parameters.ts'
import { ScopeSet } from '../scopes/scope-set.ts'
import { forecastOf } from '../tokens/forecast.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import { indicatorOf, toTokenQuery } from '../tokens/token-query.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import type { ConsentLedger, ConsentState } from './consent-ledger.ts'

/** What a token request for one resource would take. */
export interface ConsentPlan {
  readonly resource: string
  readonly scopes: readonly string[]
  /**
   * `cached`: a token is at hand. `silent`: the refresh token can get one. `prompt`: the user has to be
   * asked. `declined`: the user said no to some of it; it is asked again only explicitly.
   */
  readonly status: 'cached' | 'silent' | 'prompt' | 'declined'
  /** Those of `scopes` that the user declined. */
  readonly declinedScopes: readonly string[]
}

/**
 * One question per resource: a token is for one. Where scopes name no resource, one question.
 *
 * @throws AuthError `invalid_request` for a malformed scope.
 */
export function splitByResource(
  account: Account,
  scopes: readonly string[],
  profile: AuthorityProfile,
  resource?: string,
  keys: ParameterKeys = {},
): TokenQuery[] {
  const groups =
    profile === 'oidc'
      ? []
      : [...ScopeSet.parse(scopes, profile).byResource().values()].map((set) => set.toArray())
  return (groups.length > 0 ? groups : [scopes]).map((group) =>
    toTokenQuery(account, group, { profile, resource, ...keys }),
  )
}

/** Answers from what is stored alone; nobody is asked. */
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
  const declinedScopes = query.texts.filter((_text, index) => states[index] === 'declined')
  // A grant says nothing of an API that it was not for.
  const own = refreshToken?.resource === indicator ? refreshToken : undefined
  const granted = own?.grantedScopes.map((text) => scopeKey(text, query.profile))
  const status = () => {
    if (declinedScopes.length > 0) return 'declined'
    if (token) return 'cached'
    const isGranted = (state: ConsentState | undefined, index: number) =>
      state === 'unknown' ||
      // A session that was seeded, or is older than the ledger, is known by its refresh token alone.
      state === 'granted' ||
      (!state && granted?.includes(scopeKey(query.texts[index] ?? '', query.profile)))
    const { silentUntil } = forecastOf(refreshToken, undefined, query.profile)
    const hasEnded = silentUntil !== undefined && silentUntil.getTime() <= now()
    return refreshToken && !hasEnded && states.every(isGranted) ? 'silent' : 'prompt'
  }
  return { resource: query.resource, scopes: query.texts, status: status(), declinedScopes }
}
