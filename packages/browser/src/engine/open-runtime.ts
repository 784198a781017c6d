import type { Platform, ProviderDialect } from '@carnet/core'
import { wholeConfig } from '../checks/whole-config.ts'
import { createAnnounce } from '../context/announce.ts'
import { createRuntime } from '../context/create-runtime.ts'
import type { Runtime } from '../context/runtime.ts'
import { wholePage } from '../platform/page.ts'
import type { Shell } from '../startup/shell.ts'
import { adoptLegacyRecords } from '../storage/legacy-records.ts'
import { openStore } from '../storage/open-store.ts'
import { createFollower, type Follower } from '../tabs/follow.ts'
import { createTabLock, patienceMsOf } from '../tabs/lock.ts'
import { createCustody } from '../worker/custody.ts'

/** Opens the store of a client and creates the parts around it, inside the partition of the client. */
export async function openRuntime(
  shell: Shell,
  dialect: ProviderDialect,
): Promise<{ runtime: Runtime; follower: Follower; adopting: Promise<boolean> }> {
  const page = wholePage(shell.page)
  const config = wholeConfig(shell.config, page.origin, dialect)
  const { events, channel } = shell
  const { publish: changed } = shell.snapshots
  /** Logs a failure, and emits it also to listeners that the app adds later. */
  const teller = (name: 'storageDegraded' | 'workerUnavailable') => (cause: unknown) => {
    config.log('warn', `${name}: ${cause}`)
    events.keep(name, { cause })
  }
  const store = await openStore(config.cache, teller('storageDegraded'), {
    patienceMs: patienceMsOf(config),
    first: shell.first,
    page,
    onHealed: () => void follower.catchUp(),
  })
  const custody = createCustody(config, teller('workerUnavailable'))
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
  const runtime = createRuntime({
    config,
    page,
    platform,
    store,
    announce,
    custody,
    channel,
    tokens: shell.tokens,
    list: shell.accounts,
  })
  const { accounts, cache } = runtime
  const follower = createFollower({ accounts, cache, events, changed })
  const adopting = adoptLegacyRecords(config, store, platform)
  return { runtime, follower, adopting }
}
