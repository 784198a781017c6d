import {
  AuthError,
  type Collection,
  isAuthError,
  type LogLevel,
  type RecordName,
  type RecordStore,
  type StoreChange,
} from '@carnet/core'
import { memoryStore } from '../stores/memory-store.ts'
import type { SharedStore } from '../stores/shared-store.ts'

/** A shared store that never stops the app. */
export interface SteadyStore extends SharedStore {
  readonly state: () => 'up' | 'down'
}

interface OutageDeps {
  readonly store: SharedStore
  readonly timeoutMs: number
  readonly monotonicMs: () => number
  readonly now: () => number
  readonly maxBytes: number
  readonly log: (level: LogLevel, message: string) => void
}

/** While the store is down, it is tried again at this interval. */
const PROBE_MS = 1000
/** More writes than this are not kept for a store that is down. The oldest go first. */
const MOST_PENDING = 10_000

interface PendingWrite {
  readonly changes: readonly StoreChange[]
  readonly onlyIf: RecordName | undefined
}

/**
 * Answers from local memory while the store is down, and repeats the missed writes when the store is back. An operation that
 * takes too long counts as a failure. Only a refresh token that this process does not hold is an error during an outage: its
 * absence must not look like the end of a session.
 */
export function createSteadyStore(deps: OutageDeps): SteadyStore {
  const { store, timeoutMs, monotonicMs, log } = deps
  const local: RecordStore = memoryStore({ maxBytes: deps.maxBytes, now: deps.now })
  const pending = new Set<PendingWrite>()
  let downSinceMs: number | undefined
  let probedAtMs = 0
  let hasLocal = false
  let probing: NodeJS.Timeout | undefined
  let repeating: Promise<void> | undefined

  const timed = <T>(work: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      const fail = () => reject(new Error(`no answer within ${timeoutMs} ms`))
      timer = setTimeout(fail, timeoutMs)
    })
    return Promise.race([work, late]).finally(() => clearTimeout(timer))
  }

  function mayTry(): boolean {
    if (downSinceMs === undefined) return true
    if (monotonicMs() - probedAtMs < PROBE_MS) return false
    probedAtMs = monotonicMs()
    return true
  }

  function failed(error: unknown): void {
    probing ??= setInterval(probe, PROBE_MS).unref()
    if (isFull(error)) return
    if (downSinceMs === undefined)
      log('warn', `The store does not answer, and memory serves alone: ${textOf(error)}.`)
    downSinceMs ??= monotonicMs()
    probedAtMs = monotonicMs()
  }

  /** Without calls of the app, the missed writes must reach the store too. */
  function probe(): void {
    timed(store.get('metadata', 'probe')).then(answered, failed)
  }

  function stopProbing(): void {
    clearInterval(probing)
    probing = undefined
  }

  function answered(): void {
    if (downSinceMs !== undefined) log('info', 'The store answers again.')
    downSinceMs = undefined
    stopProbing()
    if (pending.size > 0) repeating ??= repeat().finally(() => (repeating = undefined))
  }

  /** Tries the store; `undefined` if it is down. */
  async function attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    if (!mayTry()) return undefined
    try {
      const value = await timed(work())
      answered()
      return { value }
    } catch (error) {
      failed(error)
      return undefined
    }
  }

  /** Repeats the missed writes in their order, until one fails again. */
  async function repeat(): Promise<void> {
    for (const write of [...pending]) {
      const { changes, onlyIf } = write
      try {
        const isDone = await timed(store.write(changes, onlyIf))
        pending.delete(write)
        // Another machine replaced the record, or the store lost it. In the second case the local copy continues to serve.
        const isReplaced =
          !isDone && onlyIf && (await timed(store.get(onlyIf.collection, onlyIf.key)))
        if (isDone || isReplaced) await local.write(changes.flatMap(removalOf))
      } catch (error) {
        return failed(error)
      }
    }
  }

  async function keepLocally(changes: readonly StoreChange[], onlyIf?: RecordName): Promise<true> {
    hasLocal = true
    await local.write(changes)
    pending.add({ changes, onlyIf })
    for (const oldest of pending) {
      if (pending.size <= MOST_PENDING) break
      pending.delete(oldest)
    }
    return true
  }

  const missing = (collection: Collection): undefined => {
    if (collection === 'refreshTokens')
      throw new AuthError('store_unavailable', 'The store that holds the refresh token is down.')
    return undefined
  }

  const { withLock, onChange } = store

  return {
    async get(collection, key) {
      const found = await attempt(() => store.get(collection, key))
      if (found?.value) return found.value
      const own = hasLocal ? await local.get(collection, key) : undefined
      return own ?? (found ? undefined : missing(collection))
    },
    async find(collection, tag) {
      const found = await attempt(() => store.find(collection, tag))
      if (found && found.value.length > 0) return found.value
      const own = hasLocal ? await local.find(collection, tag) : []
      if (!found && own.length === 0) missing(collection)
      return own
    },
    async take(collection, key) {
      const taken = await attempt(() => store.take(collection, key))
      if (taken?.value || !hasLocal) return taken?.value
      return local.take(collection, key)
    },
    async write(changes, onlyIf) {
      const written = await attempt(() => store.write(changes, onlyIf))
      if (!written) return keepLocally(changes, onlyIf)
      // A copy from an outage must not outlive the record that replaces it.
      if (hasLocal && written.value) await local.write(changes.flatMap(removalOf))
      return written.value
    },
    async prune(nowMs) {
      await attempt(() => store.prune(nowMs))
      await local.prune(nowMs)
    },
    close() {
      stopProbing()
      store.close()
    },
    async withLock(name, work) {
      if (!withLock || !mayTry()) return work()
      let isHeld = false
      try {
        return (await withLock.call(store, name, () => {
          isHeld = true
          return work()
        })) as Awaited<ReturnType<typeof work>>
      } catch (error) {
        if (isHeld || isAuthError(error)) throw error
        // Without the lock, each machine sends its own request.
        failed(error)
        return work()
      }
    },
    ...(onChange && { onChange: (listener) => onChange.call(store, listener) }),
    state: () => (downSinceMs === undefined ? 'up' : 'down'),
  }
}

/** The change that deletes the record of a change. */
const removalOf = (change: StoreChange): StoreChange[] =>
  change.type === 'put'
    ? [{ type: 'delete', collection: change.collection, key: change.record.key }]
    : [change]

/** True if Redis refuses a write because its memory is full. It still answers reads. */
const isFull = (error: unknown): boolean => /\bOOM\b/.test(textOf(error))

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
