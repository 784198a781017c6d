import type { Platform, ProviderDialect, RecordStore } from '@carnet/core'
import type { Config } from '../api/config.ts'
import { wholeConfig } from '../checks/whole-config.ts'
import { createAnnounce } from '../context/announce.ts'
import type { Context } from '../context/context.ts'
import { createContext } from '../context/create-context.ts'
import { hasJournal, keptForMsOf } from '../journal/entry.ts'
import { type Page, wholePage } from '../platform/page.ts'
import type { StartContext } from '../startup/start-context.ts'
import { openTabChannel } from '../startup/tabs/channel.ts'
import { adoptLegacyRecords } from '../storage/legacy-records.ts'
import { openStore, type StoreOptions } from '../storage/open-store.ts'
import { createTabLock, patienceMsOf } from '../tabs/lock.ts'
import { createTabSync, type TabSync } from '../tabs/tab-sync.ts'
import { type Custody, createCustody } from '../worker/custody.ts'
import { hasSharedWorker } from '../worker/uses-shared-worker.ts'

/** Creates the custody. Tabs that share its journal keep the shared worker alive for each other, while it sends a request. */
function openCustody(
  config: Config,
  store: RecordStore,
  page: Page,
  onUnavailable: (cause: unknown) => void,
): Custody {
  const { cache, group, partition } = config
  // The access to IndexedDB itself may throw.
  if (!hasJournal(cache) || !('indexedDB' in globalThis))
    return createCustody(config, onUnavailable)
  const begun = openTabChannel<string>(`${group}|redemptions`, () => custody.attend(), page)
  const announce = () => begun.post('begun')
  const place = { partition, database: cache.name, store, keptForMs: keptForMsOf(cache), announce }
  const custody = createCustody(config, onUnavailable, place)
  return {
    ...custody,
    close() {
      begun.close()
      custody.close()
    },
  }
}

/**
 * With the keys in the worker, access tokens stay in the memory of the page. So do the handles of a worker that no other page
 * uses: the other pages have other keys.
 */
function inPage(config: Config): Pick<StoreOptions, 'inPage'> {
  if (!config.dpop?.isInWorker) return {}
  return { inPage: hasSharedWorker(config) ? ['accessTokens'] : ['accessTokens', 'refreshTokens'] }
}

/** Opens the store of a client and creates the parts around it, inside the partition of the client. */
export async function openContext(
  started: StartContext,
  dialect: ProviderDialect,
): Promise<{ context: Context; follower: TabSync; adopting: Promise<boolean> }> {
  const page = wholePage(started.page)
  const config = wholeConfig(started.config, page.origin, dialect)
  const { events, channel, snapshots, closed } = started
  const { publish: changed } = snapshots
  /** Logs a failure, and emits it also to listeners that the app adds later. */
  const teller = (name: 'storageDegraded' | 'workerUnavailable') => (cause: unknown) => {
    config.log('warn', `${name}: ${cause}`)
    events.keep(name, { cause })
  }
  const opened = await openStore(config.cache, teller('storageDegraded'), {
    patienceMs: patienceMsOf(config),
    first: started.first,
    page,
    ...inPage(config),
    onHealed: () => void follower.resync(),
  })
  const custody = openCustody(config, opened, page, teller('workerUnavailable'))
  const store = custody.journal?.wrap(opened) ?? opened
  const announce = createAnnounce(events, channel, changed)
  const platform: Platform = {
    now: config.now,
    monotonicMs: () => performance.now(),
    trueTimeMs: () => page.serverTimeMs(),
    fetch: config.fetch,
    randomId: () => crypto.randomUUID(),
    withLock: createTabLock(patienceMsOf(config), store.withLease, page),
    log: config.log,
  }
  const context = createContext({
    events,
    snapshots,
    closed,
    config,
    page,
    platform,
    store,
    announce,
    custody,
    channel,
    tokens: started.tokens,
    list: started.accounts,
  })
  const { accounts, cache } = context
  const follower = createTabSync({ accounts, cache, events, changed })
  const adopting = adoptLegacyRecords(config, store, platform)
  return { context, follower, adopting }
}
