import { accountKey } from './accounts/account.ts'
import type { Platform } from './platform.ts'
import { createSingleFlight } from './single-flight.ts'
import type { TokenCache } from './tokens/token-cache.ts'
import type { AccessTokenRecord, TokenQuery } from './tokens/token-record.ts'

export interface SilentOptions {
  /** Passes the cache by: a token that is known to be of no use is renewed at once. */
  readonly forceRefresh?: boolean | undefined
}

export interface SilentAnswer {
  readonly record: AccessTokenRecord
  readonly fromCache: boolean
}

/**
 * The way to a token without the user: memory, store, refresh token. Whoever asks for the same while
 * a renewal is under way, in this tab or another, shares its outcome.
 */
export function createAcquireTokenSilent(deps: {
  platform: Pick<Platform, 'now' | 'withLock'>
  clientId: string
  cache: TokenCache
  /** Redeems the refresh token and stores what comes, or says that the user must interact. */
  renew: (query: TokenQuery) => Promise<AccessTokenRecord>
}) {
  const { platform, clientId, cache, renew } = deps
  const singleFlight = createSingleFlight<SilentAnswer>()

  return async function acquireTokenSilent(
    query: TokenQuery,
    { forceRefresh = false }: SilentOptions = {},
  ): Promise<SilentAnswer> {
    const startedAtMs = platform.now()
    const isNewEnough = (record: AccessTokenRecord | undefined) =>
      record && (!forceRefresh || record.issuedAtMs >= startedAtMs) ? record : undefined

    // 1. Memory, then the store.
    const held = isNewEnough(
      cache.peek(query, startedAtMs) ?? (await cache.find(query, startedAtMs)),
    )
    if (held) return { record: held, fromCache: true }

    const account = accountKey(query.account)
    const question = [
      account,
      query.resource,
      query.scopes.join(' '),
      query.authority,
      query.claims,
    ]
    const flight = JSON.stringify([forceRefresh, ...question])
    // 2. One renewal per question in this tab, 3. one per refresh token in this browser.
    return singleFlight(flight, () =>
      platform.withLock(`carnet.refresh|${clientId}|${account}`, async () => {
        // 4. Another tab may have renewed while we waited.
        const renewed = isNewEnough(await cache.find(query, platform.now()))
        return renewed
          ? { record: renewed, fromCache: true }
          : { record: await renew(query), fromCache: false }
      }),
    )
  }
}
