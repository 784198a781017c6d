import { accountKey } from '../accounts/account.ts'
import { refreshLockName } from '../records/keys/record-keys.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import { createAcquireTokenSilent } from '../renewal/acquire-token-silent.ts'
import { createTokenCache } from '../tokens/token-cache.ts'
import type { AccessTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import { createFakePlatform } from './fake-platform.ts'

export const HOUR_MS = 3_600_000

/**
 * Tabs that acquire tokens silently. As in one browser, all tabs share the store and the lock, and each `openTab` has its own
 * memory. Renewals are counted.
 */
export function createSilentTabs({
  grant = (scopes: readonly string[]) => scopes,
  lifeMs = (): number => HOUR_MS,
  answerMs = 0,
  extendedMs = undefined as number | undefined,
  /** Runs before each renewal, to delay it or to make it fail. */
  before = async (): Promise<void> => undefined,
  /** The wait for a lock, which may fail. */
  lock = async (): Promise<void> => undefined,
  /** True if only `passes` moves the monotonic clock, not the clock of the app. */
  monotonic = false,
} = {}) {
  const happened: string[] = []
  let passedMs = 0
  const fake = createFakePlatform(() => Response.error())
  const platform = monotonic ? { ...fake, monotonicMs: () => passedMs } : fake
  const inner = createMemoryStore()
  const store = {
    ...inner,
    find: (...[collection, tag]: Parameters<typeof inner.find>) => {
      happened.push('store')
      return inner.find(collection, tag)
    },
  }
  let renewals = 0

  function openTab() {
    const cache = createTokenCache('spa', store)
    const renew = async (query: TokenQuery) => {
      happened.push('renew')
      renewals += 1
      await before()
      const issuedAtMs = platform.now()
      platform.advance(answerMs)
      const record: AccessTokenRecord = {
        owner: accountKey(query.owner),
        resource: query.resource,
        requestedScopes: query.scopeKeys,
        grantedScopes: grant(query.scopeKeys),
        token: `token-${renewals}`,
        tokenType: 'Bearer',
        issuedAtMs,
        receivedAtMs: platform.now(),
        expiresAtMs: issuedAtMs + lifeMs(),
        extendedExpiresAtMs: extendedMs && issuedAtMs + extendedMs,
      }
      await store.write(cache.keep(record))
      cache.forget(record.owner)
      return record
    }
    const withLock: typeof platform.withLock = async (name, work) => {
      happened.push('lock')
      await lock()
      return platform.withLock(name, work)
    }
    return createAcquireTokenSilent({
      platform: { ...platform, withLock },
      lockOf: (account) => refreshLockName('carnet|spa', account),
      cache,
      renew,
    })
  }
  const passes = (ms: number): void => {
    passedMs += ms
  }
  return { passes, platform, happened, openTab, acquire: openTab(), renewals: () => renewals }
}
