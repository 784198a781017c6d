import { type AccountRegistry, keyTag, type Platform, type TokenCache } from '@carnet/core'
import { createClocks, findByText } from '@carnet/core/dpop'
import type { Config, DpopConfig } from '../api/config.ts'
import type { Page } from '../platform/page.ts'
import { loaded } from '../startup/page/loaded.ts'
import type { ClientStore } from '../storage/open-store.ts'
import type { Custody } from '../worker/custody.ts'
import { createDpop } from './create-dpop.ts'
import type { Dpop } from './dpop.ts'
import { createKeys } from './keys.ts'
import { createNonces, type Nonces } from './nonces.ts'
import { createPageSigner } from './page-signer.ts'
import type { Signer } from './signer.ts'

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
export async function openDpop(parts: DpopParts, options: DpopConfig): Promise<Dpop> {
  const { config, platform, store, cache, page, accounts } = parts
  const { partition, group } = config
  const collections = ['accessTokens', 'refreshTokens'] as const
  const nonces = createNonces({ partition, group }, store, page)
  return createDpop({
    ...{ options, nonces, now: platform.now },
    signer: await openSigner(parts, options, nonces),
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

async function openSigner(
  { config, custody, page, platform }: DpopParts,
  { isInWorker, resources }: DpopConfig,
  nonces: Nonces,
): Promise<Signer> {
  const { partition, clientId, cache: place } = config
  const { now, trueTimeMs } = platform
  const { http, tokenHttp, askKey } = custody
  if (isInWorker) {
    const { createWorkerSigner } = await loaded(import('./worker-signer.ts'))
    return createWorkerSigner({ clientId, origin: page.origin, resources, askKey, tokenHttp })
  }
  const database = place.location === 'memory' && !place.store ? undefined : place.name
  const keys = createKeys(partition, database, now)
  const clocks = createClocks(now)
  return createPageSigner({ clientId, keys, nonces, clocks, now, http, tokenHttp, trueTimeMs })
}
