import { type AccountRegistry, keyTag, type Platform, type TokenCache } from '@carnet/core'
import { findByText } from '@carnet/core/dpop'
import type { Config, DpopConfig } from '../api/options.ts'
import type { Page } from '../platform/page.ts'
import type { ClientStore } from '../storage/open-store.ts'
import type { Custody } from '../worker/custody.ts'
import { createClocks } from './clocks.ts'
import { createDpop } from './create-dpop.ts'
import type { Dpop } from './dpop.ts'
import { createKeys } from './keys.ts'
import { createNonces } from './nonces.ts'
import { createTokenRequests } from './token-requests.ts'

/** The parts of a client that DPoP needs. */
export interface DpopParts {
  readonly config: Config
  readonly page: Page
  readonly platform: Platform
  readonly store: ClientStore
  readonly cache: TokenCache
  readonly accounts: AccountRegistry
  readonly custody: Custody
}

/** Opens the part for DPoP over the parts of a client. */
export function openDpop(parts: DpopParts, options: DpopConfig): Dpop {
  const { config, custody, platform, store, cache, page, accounts } = parts
  const { partition, group, clientId, cache: place } = config
  const collections = ['accessTokens', 'refreshTokens'] as const
  const database = place.location === 'memory' && !place.store ? undefined : place.name
  const { now, trueTimeMs } = platform
  const { http, tokenHttp } = custody
  const nonces = createNonces({ partition, group }, store, page)
  const clocks = createClocks(now)
  return createDpop({
    ...{ options, nonces, clocks, now },
    keys: createKeys(partition, database, now),
    boundTo: createTokenRequests({ clientId, nonces, clocks, http, tokenHttp, trueTimeMs }),
    async dropTokens(jkt) {
      const tag = keyTag(partition, jkt)
      platform.log('warn', 'The key of stored tokens is gone. The tokens were deleted.')
      await store.write(
        collections.map((collection) => ({ type: 'deleteTagged', collection, tag }) as const),
      )
      for (const { id } of accounts.list()) cache.forget(id)
    },
    async tokenOf({ accessToken, tokenType, account }) {
      const record = await findByText(partition, store, account, accessToken)
      if (record) return record
      // Another tab has replaced the token meanwhile: the grant still has its key.
      const [held] = tokenType === 'DPoP' ? await cache.refreshTokens(account) : []
      return { token: accessToken, tokenType: held ? 'DPoP' : 'Bearer', jkt: held?.jkt }
    },
    async isUsed(jkt) {
      const tag = keyTag(partition, jkt)
      const found = await Promise.all(collections.map((name) => store.find(name, tag)))
      return found.flat().length > 0
    },
  })
}
