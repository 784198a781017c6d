import type { CacheHealth } from '../api/confidential-client.ts'
import type { Runtime } from '../context/runtime.ts'

/** The state of the cache, without the answers. */
export const healthOf = ({
  config,
  memory,
  sealed,
  shared,
}: Runtime): Omit<CacheHealth, 'answers'> => ({
  memory: { tokens: memory.tokens(), bytes: memory.bytes(), maxBytes: config.maxBytes },
  store: shared?.state() ?? 'none',
  storeLatencyMs: shared?.latencyMs(),
  storeWarnings: shared?.lastWarnings() ?? [],
  locks: shared?.locks() ?? { taken: 0, longestWaitMs: 0 },
  unreadableRecords: sealed?.unreadableRecords() ?? 0,
  oldestKeyInUse: sealed?.oldestKeyInUse(),
})
