/** Acquires a token from the sources that a request names. Loads at the first such request. */
import {
  type AccessTokenRecord,
  AuthError,
  type CallTrace,
  isTransient,
  isYoungEnough,
  needsUser,
  type SilentAnswer,
  type TokenQuery,
} from '@carnet/core'
import { isFresh } from '@carnet/core/base'
import type { SilentRequest } from '../api/requests.ts'
import type { Context } from '../context/context.ts'
import type { Renewals } from './renewals.ts'
import { type Acquire, createAcquire } from './silent.ts'

/** Acquires a token for a request that limits its sources. */
export type FromSources = (
  query: TokenQuery,
  request: SilentRequest,
  trace: CallTrace,
) => Promise<SilentAnswer>

/** Creates the acquisition from named sources. Each way to renew has its own single flight; the lock is the lock of all. */
export function createFromSources(context: Context, provider: Renewals): FromSources {
  const { cache, config, platform } = context
  const ways = new Map<string, Acquire>()

  /** The acquisition by the refresh token, by the hidden iframe, or by both. */
  function wayOf(usesRefresh: boolean, isAllowed: boolean, timeoutMs: number | undefined): Acquire {
    const name = `${usesRefresh} ${isAllowed} ${timeoutMs}`
    const renew = (query: TokenQuery, trace?: CallTrace): Promise<AccessTokenRecord> =>
      usesRefresh
        ? provider.renew(query, trace, { isAllowed, timeoutMs })
        : provider.renewInIframe(query, withoutRefreshToken(query), trace, timeoutMs)
    const way = ways.get(name) ?? createAcquire(context, { renew })
    ways.set(name, way)
    return way
  }

  return async function fromSources(query, request, trace) {
    const { minLifetimeMs = 0, iframeTimeoutMs, forceRefresh = false } = request
    const { sources = config.silent.iframe ? ALL : ALL.slice(0, 2) } = request
    const isCached = sources.includes('cache') && isCacheable(query)

    /** Finds a token that stays valid for `lifetimeMs`. */
    async function held(lifetimeMs: number): Promise<SilentAnswer | undefined> {
      const record = await cache.find(
        query,
        platform.now(),
        (one, nowMs) =>
          isFresh(one, nowMs) &&
          one.expiresAtMs - nowMs >= lifetimeMs &&
          isYoungEnough(one, query.maxAgeMs, nowMs),
      )
      return record && { record, fromCache: true }
    }

    const found = isCached && !forceRefresh ? await held(minLifetimeMs) : undefined
    if (found) return found
    const [usesRefresh, usesIframe] = [sources.includes('refresh'), sources.includes('iframe')]
    if (!usesRefresh && !usesIframe)
      throw new AuthError('no_cached_token', 'The cache holds no token for the request.')
    try {
      return await wayOf(
        usesRefresh,
        usesIframe,
        iframeTimeoutMs,
      )(
        { ...query, forceRefresh: forceRefresh || !sources.includes('cache') },
        { issuedAfterMs: platform.now(), trace },
      )
    } catch (error) {
      // During an outage, a short remaining lifetime is better than no token.
      const last = isCached && !forceRefresh && isTransient(error) ? await held(0) : undefined
      if (!last) throw error
      return last
    }
  }
}

const ALL: NonNullable<SilentRequest['sources']> = ['cache', 'refresh', 'iframe']

/** The cache never answers a claims request, or a request for another tenant of Entra. */
const isCacheable = ({ claims, authority, dialect }: TokenQuery): boolean =>
  claims === undefined && (authority === undefined || !dialect.hasTenants)

const withoutRefreshToken = (query: TokenQuery) =>
  needsUser('no_tokens', 'The request does not allow the refresh token.', query)
