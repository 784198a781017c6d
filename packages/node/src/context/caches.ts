import { createTokenCache, type RecordStore, type TokenCache } from '@carnet/core'
import type { OwnerDetails } from '../cache/owner-details.ts'
import { createRecordNames } from '../cache/record-names.ts'
import { createSealedStore } from '../cache/sealed-store.ts'
import { createSteadyStore } from '../cache/store-in-outage.ts'
import { createTokenMemory, type TokenMemory } from '../cache/token-memory.ts'
import { memoryStore } from '../stores/memory-store.ts'
import type { Config } from './config.ts'

/**
 * Puts the stores and the memory of a client together.
 *
 * @param onEmptied Called when the shared store has lost its records. The tokens of memory are written again after it.
 */
export function createCaches(config: Config, monotonicMs: () => number, onEmptied: () => void) {
  const { partition, now, log } = config
  const names = createRecordNames(partition)
  const sealed = config.store && config.keys && createSealedStore(config.store, config.keys, names)
  // Without a shared store, the memory of tokens and the store behind it share the limit.
  const maxBytes = sealed ? config.maxBytes : config.maxBytes / 2
  const timeoutMs = config.storeTimeoutMs
  const shared =
    sealed && createSteadyStore({ store: sealed, timeoutMs, monotonicMs, now, maxBytes, log })
  const store = shared ?? memoryStore({ maxBytes, now })
  const memory = createTokenMemory<OwnerDetails>({
    partition,
    store,
    maxBytes,
    now,
    isStoreDown: () => shared?.state() === 'down',
    nameOf: shared?.onChange && ((key) => names.nameOf(key)),
  })
  const cache = createTokenCache(partition, store, memory)
  const stopListening = shared?.onChange?.((news) => {
    if (news !== 'emptied') return memory.hear(news)
    onEmptied()
    void refill(cache, memory, store)
  })
  const close = () => {
    stopListening?.()
    store.close()
  }
  return { sealed, shared, store, memory, cache, close }
}

/** Tokens that one step writes to a store that lost its records. */
const REFILL_STEP = 50

/** Writes the tokens of memory to a store that lost its records, so that no machine asks the provider for them again. */
async function refill(
  cache: TokenCache,
  memory: TokenMemory<OwnerDetails>,
  store: RecordStore,
): Promise<void> {
  const records = [...memory.records()]
  for (let index = 0; index < records.length; index += REFILL_STEP) {
    const step = records.slice(index, index + REFILL_STEP)
    await Promise.all(step.map((record) => store.write(cache.keep(record)).catch(() => undefined)))
  }
}
