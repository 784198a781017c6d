import {
  AuthError,
  type Collection,
  isAuthError,
  type LogLevel,
  type RecordStore,
} from '@carnet/core'
import { memoryStore } from '../stores/memory-store.ts'
import type { SharedStore } from '../stores/shared-store.ts'
import { createMissedWrites, removalOf } from './missed-writes.ts'
import { type Availability, createAvailability } from './store-availability.ts'

/** A shared store that never stops the app. */
export interface SteadyStore extends SharedStore {
  readonly state: () => 'up' | 'down'
  /** The number of reads that the store did not answer. If it grows during a read, "not found" is no fact. */
  readonly unanswered: () => number
  readonly latencyMs: () => number | undefined
  /** The settings of the store that may lose records, as they were read last. */
  readonly lastWarnings: () => readonly string[]
  /** The locks that were taken, and the longest wait for one, in milliseconds. */
  readonly locks: () => { readonly taken: number; readonly longestWaitMs: number }
}

interface OutageDeps {
  readonly store: SharedStore
  readonly timeoutMs: number
  readonly monotonicMs: () => number
  readonly now: () => number
  readonly maxBytes: number
  readonly log: (level: LogLevel, message: string) => void
}

/**
 * Answers from local memory while the store is down, and repeats the missed writes when the store is back. An operation that
 * takes too long counts as a failure. Only a refresh token that this process does not hold is an error during an outage: its
 * absence must not look like the end of a session.
 */
export function createSteadyStore(deps: OutageDeps): SteadyStore {
  const { store } = deps
  const local: RecordStore = memoryStore({ maxBytes: deps.maxBytes, now: deps.now })
  const missed = createMissedWrites(store, local)
  const available = createAvailability({
    ...deps,
    probe: () => store.get('metadata', 'probe'),
    onAnswer() {
      missed.repeat(available)
      if (advice.isDue()) void advice.read()
    },
  })
  const advice = createAdvice(deps)
  const waits = { taken: 0, longestWaitMs: 0 }
  let hasLocal = false
  let unanswered = 0

  async function read<T>(work: () => Promise<T>) {
    const found = await available.attempt(work)
    if (!found) unanswered += 1
    return found
  }

  const { onChange } = store

  return {
    async get(collection, key) {
      const found = await read(() => store.get(collection, key))
      if (found?.value) return found.value
      const own = hasLocal ? await local.get(collection, key) : undefined
      return own ?? (found ? undefined : missing(collection))
    },
    async find(collection, tag) {
      const found = await read(() => store.find(collection, tag))
      if (found && found.value.length > 0) return found.value
      const own = hasLocal ? await local.find(collection, tag) : []
      if (!found && own.length === 0) missing(collection)
      return own
    },
    async take(collection, key) {
      const taken = await available.attempt(() => store.take(collection, key))
      if (taken?.value || !hasLocal) return taken?.value
      return local.take(collection, key)
    },
    async write(changes, onlyIf) {
      const written = await available.attempt(() => store.write(changes, onlyIf))
      if (!written) {
        hasLocal = true
        missed.add(changes, onlyIf)
        return local.write(changes)
      }
      // A copy from an outage must not outlive the record that replaces it.
      if (hasLocal && written.value) await local.write(changes.flatMap(removalOf))
      return written.value
    },
    async prune(nowMs) {
      await available.attempt(() => store.prune(nowMs))
      await local.prune(nowMs)
    },
    close() {
      available.close()
      store.close()
    },
    withLock(name, work) {
      const beganMs = deps.monotonicMs()
      return underLock(store, available, name, work, () => {
        waits.taken += 1
        waits.longestWaitMs = Math.max(waits.longestWaitMs, deps.monotonicMs() - beganMs)
      })
    },
    ...(onChange && { onChange: (listener) => onChange.call(store, listener) }),
    state: () => (available.isDown() ? 'down' : 'up'),
    unanswered: () => unanswered,
    latencyMs: available.latencyMs,
    lastWarnings: advice.last,
    locks: () => ({ ...waits }),
  }
}

/** The settings of a store are read again at this interval, because an administrator may change them. */
const ADVICE_MS = 10 * 60_000

/** Reads the warnings of a store from time to time, and logs each new one. */
function createAdvice({ store, monotonicMs, log }: OutageDeps) {
  let warnings: readonly string[] = []
  let readAtMs = Number.NEGATIVE_INFINITY
  return {
    last: () => warnings,
    isDue: () => store.warnings !== undefined && monotonicMs() - readAtMs >= ADVICE_MS,
    async read(): Promise<void> {
      if (!store.warnings) return
      readAtMs = monotonicMs()
      const found = await store.warnings().catch(() => warnings)
      for (const warning of found) if (!warnings.includes(warning)) log('warn', warning)
      warnings = found
    },
  }
}

/** Runs `work` under the lock of the store. If the store does not answer, each machine works on its own. */
async function underLock<T>(
  store: SharedStore,
  { mayTry, failed }: Availability,
  name: string,
  work: () => Promise<T>,
  onHeld: () => void,
): Promise<T> {
  if (!store.withLock || !mayTry()) return work()
  let isHeld = false
  try {
    return await store.withLock(name, () => {
      isHeld = true
      onHeld()
      return work()
    })
  } catch (error) {
    if (isHeld || isAuthError(error)) throw error
    failed(error)
    return work()
  }
}

const missing = (collection: Collection): undefined => {
  if (collection === 'refreshTokens')
    throw new AuthError('store_unavailable', 'The store that holds the refresh token is down.')
  return undefined
}
