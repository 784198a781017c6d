import type { Account } from '../accounts/account.ts'
import { createAccountRegistry } from '../accounts/account-registry.ts'
import { refreshTokenKey } from '../accounts/refresh-token-key.ts'
import { createConsentLedger } from '../consent/consent-ledger.ts'
import { entraDialect } from '../dialects/entra/entra-dialect.ts'
import type { MetadataSource } from '../discovery/metadata-source.ts'
import { createHttp } from '../protocol/http.ts'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RenewDeps } from '../renewal/renew.ts'
import { createTokenCache } from '../tokens/token-cache.ts'
import type { createFakePlatform } from './fake-platform.ts'

/**
 * The dependencies of a renewal, with a store in memory.
 *
 * @param timeoutMs The time after which a request fails, in milliseconds.
 */
export function createRenewalDeps(
  platform: ReturnType<typeof createFakePlatform>,
  metadataOf: MetadataSource,
  timeoutMs = 1000,
) {
  const store = createMemoryStore()
  const accounts = createAccountRegistry('spa', store)
  accounts.profileBy(entraDialect.withTenantProfiles)
  return {
    platform,
    clientId: 'spa',
    store,
    cache: createTokenCache('spa', store),
    accounts,
    ledger: createConsentLedger('spa', store, platform.now),
    metadataOf,
    http: createHttp({ fetch: platform.fetch, timeoutMs }),
  } satisfies RenewDeps
}

/** The refresh token of a user who signed in to Microsoft Graph just now. */
export const graphRefreshToken = (account: Account, issuedAtMs: number) => ({
  owner: refreshTokenKey(account),
  token: 's3cret-refresh-0',
  requestedScopes: ['User.Read'],
  grantedScopes: ['User.Read'],
  issuedAtMs,
})
