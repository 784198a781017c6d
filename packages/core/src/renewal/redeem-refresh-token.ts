import type { AccountRecord } from '../accounts/account.ts'
import type { ConsentLedger } from '../consent/consent-ledger.ts'
import { assumedScopes } from '../consent/refreshed-scopes.ts'
import type { MetadataSource } from '../discovery/metadata-source.ts'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { AuthError } from '../errors/errors.ts'
import type { Platform } from '../platform/platform.ts'
import type { Binding, VerifyIdToken } from '../protocol/deps.ts'
import type { Http } from '../protocol/http.ts'
import { refreshPart } from '../protocol/refresh.ts'
import type { TokenResponse } from '../protocol/token-response.ts'
import type { ScopeValues } from '../scopes/scope-values.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import type { TokenQuery } from '../tokens/token-record.ts'
import { type KeepDeps, keepRotated, type Redeemed, renewedOwner } from './keep-renewed.ts'
import { needsUser } from './needs-user.ts'
import { atTokenEndpoint } from './unexplained-failures.ts'

/**
 * Finds the key of a refresh token.
 *
 * @param clockOffsetMs How far the provider's clock was ahead of the page's clock at the last ID token.
 */
export type Bind = (
  jkt: string | undefined,
  metadata: ProviderMetadata,
  clockOffsetMs: number | undefined,
) => Promise<Binding | 'lost' | undefined>

/** The dependencies of a refresh token request. */
export interface RedeemDeps extends KeepDeps {
  readonly platform: Platform
  readonly clientId: string
  readonly ledger: ConsentLedger
  readonly metadataOf: MetadataSource
  readonly http: Http
  /**
   * Returns the key that a refresh token is bound to, if the client uses DPoP. Returns `lost` if the key is gone: the refresh
   * token is useless then.
   */
  readonly bind?: Bind | undefined
  readonly verifyIdToken?: VerifyIdToken | undefined
}

/** The checked token response to a refresh token request, before it is stored. */
export interface Renewal {
  readonly query: TokenQuery
  readonly redeemed: Redeemed
  readonly grant: TokenResponse
  /** The account with its newer ID token, or the account of the same user in another tenant. */
  readonly renewed: AccountRecord
  /** The scopes that were sent; empty if the request left `scope` out, to get the whole grant. */
  readonly asked: ScopeValues
}

/**
 * Redeems a refresh token for `query` (RFC 6749 section 6), and checks that the response is about the account. If a check
 * fails, the rotated refresh token is stored here; otherwise `storeRenewal` stores the response.
 *
 * @throws AuthError `invalid_id_token` if the ID token is about another user.
 * @throws InteractionRequiredError `login` if the ID token is about another sign-in.
 */
export async function redeemRefreshToken(
  query: TokenQuery,
  redeemed: Redeemed,
  deps: RedeemDeps,
): Promise<Renewal> {
  const { owner, held } = redeemed
  const { platform, clientId, ledger, http, verifyIdToken } = deps
  const { now, trueTimeMs } = platform
  const clocks = { now, trueTimeMs, earlierOffsetMs: held.clockOffsetMs ?? 0 }
  const { dialect, authority = owner.authority } = query
  const plan = dialect.planRefresh(held, query.requestedScopes)
  const asked = plan.type === 'ask' ? plan.scopes : []
  const before = await ledger.states(query)
  const granted = [
    ...held.grantedScopes,
    ...query.requestedScopes.filter((_, index) => before[index] === 'granted'),
  ]
  const onRefused = (answer: Readonly<Record<string, unknown>>) =>
    keepRotated(answer, redeemed, deps)
  const request = {
    refreshToken: held.token,
    scopes: plan.type === 'ask' ? plan.scopes : undefined,
    assumedScopes:
      plan.type === 'ask' ? assumedScopes(plan.scopes, granted, dialect) : plan.assumed,
    resource: indicatorOf(query),
    claims: query.sentClaims ?? query.claims,
    parameters: query.parameters,
    homeAccountId: query.owner.homeAccountId,
  }
  const provider = { authority, dialect, clientId, http, verifyIdToken, ...clocks }
  const grant = await atTokenEndpoint(query, { authority, held }, deps, async (metadata) => {
    const binding = await deps.bind?.(held.jkt, metadata, held.clockOffsetMs)
    if (binding === 'lost') throw await keyLost(query, held, deps)
    const bound = binding ? { http: binding.http, binding } : {}
    return refreshPart(request, held.grantedScopes, { metadata, ...provider, ...bound }, onRefused)
  })
  const renewed = renewedOwner(redeemed, grant, query)
  if (typeof renewed === 'string') {
    // The refresh token of a guest gives tokens of the tenant that issued it, unless the request names a tenant.
    const tenant = renewed === 'another tenant' ? dialect.ownAuthority(owner) : undefined
    if (tenant !== undefined)
      return redeemRefreshToken({ ...query, authority: tenant }, redeemed, deps)
    await onRefused({ id_token: grant.idToken, refresh_token: grant.refreshToken })
    const message = `The refreshed ID token is about ${renewed}.`
    // The provider's session belongs to the other sign-in; an interactive call gets a grant that matches it.
    if (renewed === 'another sign-in') throw needsUser('login', message, query)
    throw new AuthError('invalid_id_token', message)
  }
  const authTime = grant.idTokenClaims?.auth_time
  if (typeof authTime === 'number' && held.authTime !== undefined && authTime > held.authTime)
    platform.log('warn', 'The refreshed ID token has a newer `auth_time` than the sign-in.')
  return { query, redeemed, grant, renewed, asked }
}

/** Drops a refresh token whose key is gone, and returns the error: only the user, or the session, gives another token. */
async function keyLost(
  query: TokenQuery,
  held: Redeemed['held'],
  { cache }: RedeemDeps,
): Promise<AuthError> {
  await cache.dropRefreshToken(query.owner, held.token)
  return needsUser('key_lost', 'The key of the refresh token is no longer in this browser.', query)
}
