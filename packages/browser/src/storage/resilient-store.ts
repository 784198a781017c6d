import {
  AuthError,
  type Collection,
  createMemoryStore,
  type RecordStore,
  type StoreChange,
} from '@carnet/core'
import { within } from './bounded-store.ts'
import { createRecovery, type Recovery } from './recovery.ts'
import { isAbout, isTagged } from './store-changes.ts'

/** The longest time that an operation waits for an attempt to use storage again. The attempt itself continues. */
const HEALS_WITHIN_MS = 300

/** A store that falls back to memory. */
export interface ResilientStore extends RecordStore {
  /**
   * Continues in memory, because the connection is lost or could not be opened.
   *
   * @param isTakenOver True if a newer version of Carnet took over the database. Then its refresh tokens are not used here:
   * a second redemption would end both sessions.
   */
  degrade(cause: unknown, isTakenOver?: boolean): void
  /** Tries storage again now, after a sign that it works. */
  retry(): void
  isDegraded(): boolean
}

/** The options of `createResilientStore`. */
export interface ResilientOptions {
  readonly now?: () => number
  /** Records that were read before. */
  readonly seen?: readonly StoreChange[] | undefined
  /** Called when storage works again: the client must read the changes of other tabs. */
  readonly onHealed?: () => void
  /** True if the storage was re-created. Missing records do not prove this: another tab may have deleted them. */
  readonly isAnew?: () => Promise<boolean>
}

/**
 * Creates a store that never rejects until it is closed. It keeps a copy of all read and written records in memory. If
 * storage fails, it continues with this copy, and tries storage again later. Then it writes the pending changes, or all
 * records in memory if the storage was re-created. `onDegraded` is called once per failure.
 */
export function createResilientStore(
  connect: () => RecordStore,
  onDegraded: (cause: unknown) => void,
  {
    now = Date.now,
    seen = [],
    onHealed = () => undefined,
    isAnew = async () => true,
  }: ResilientOptions = {},
): ResilientStore {
  const memory = createMemoryStore()
  void memory.write(seen)
  const storage = createRecovery({ connect, memory, now, onDegraded, onHealed, isAnew })
  const attempt = createAttempt(storage)

  const isOurs = (isMeant: (change: StoreChange) => boolean) =>
    storage.unsaved.some(({ changes }) => changes.some(isMeant))

  /**
   * True if another tab may have redeemed the refresh token in memory. False if it was written here after storage failed.
   */
  const mayBeUsedUp = (collection: Collection, isMeant: (change: StoreChange) => boolean) =>
    collection === 'refreshTokens' && !storage.isClosed && !storage.isTakenOver && !isOurs(isMeant)

  return {
    degrade: storage.degrade,
    retry() {
      if (storage.isDegraded && !storage.isClosed) void storage.heal()
    },
    isDegraded: () => storage.isDegraded,
    get: (collection, key) =>
      attempt(
        async () => {
          const record = await storage.inner.get(collection, key)
          await memory.write([
            record ? { type: 'put', collection, record } : { type: 'delete', collection, key },
          ])
          return record
        },
        async () => {
          const isTheirs = storage.isTakenOver && collection === 'refreshTokens'
          return isTheirs && !isOurs((change) => isAbout(change, collection, key))
            ? undefined
            : memory.get(collection, key)
        },
        () => mayBeUsedUp(collection, (change) => isAbout(change, collection, key)),
      ),
    find: (collection, tag) =>
      attempt(
        async () => {
          const records = await storage.inner.find(collection, tag)
          await memory.write([
            { type: 'deleteTagged', collection, tag },
            ...records.map((record) => ({ type: 'put', collection, record }) as const),
          ])
          return records
        },
        () => memory.find(collection, tag),
        () => mayBeUsedUp(collection, (change) => isTagged(change, collection, tag)),
      ),
    async take(collection, key) {
      const inMemory = memory.take(collection, key)
      return attempt(
        () => storage.inner.take(collection, key),
        () => {
          storage.unsaved = [...storage.unsaved, { changes: [{ type: 'delete', collection, key }] }]
          return inMemory
        },
      )
    },
    async write(changes, onlyIf) {
      return attempt(
        async () => {
          const applied = await storage.inner.write(changes, onlyIf)
          if (applied) await memory.write(changes)
          return applied
        },
        async () => {
          // Add the write first: storage may work again while memory is written.
          const mine = { changes, onlyIf }
          storage.unsaved = [...storage.unsaved, mine]
          const applied = await memory.write(changes, onlyIf)
          if (!applied) storage.unsaved = storage.unsaved.filter((one) => one !== mine)
          return applied
        },
      )
    },
    async prune(nowMs) {
      await memory.prune(nowMs)
      await attempt(
        () => storage.inner.prune(nowMs),
        async () => undefined,
      )
    },
    close: storage.close,
  }
}

/** Creates a function that works with storage, and with memory while storage fails. */
function createAttempt(storage: Recovery) {
  async function tried<T>(work: () => Promise<T>): Promise<{ result: T } | undefined> {
    if (storage.isDegraded) return undefined
    try {
      const result = await work()
      storage.worked()
      return { result }
    } catch (cause) {
      storage.degrade(cause)
      return undefined
    }
  }

  async function again<T>(work: () => Promise<T>): Promise<{ result: T } | undefined> {
    if (storage.isDegraded) await storage.heal()
    return tried(work)
  }

  /** @param isUrgent True if stale data in memory may do harm: then storage is tried at once, and a second time. */
  return async function attempt<T>(
    work: () => Promise<T>,
    fallback: () => Promise<T>,
    isUrgent: () => boolean = () => false,
  ): Promise<T> {
    const wasDegraded = storage.isDegraded
    if (wasDegraded && !storage.isClosed && isUrgent()) await storage.heal()
    // If storage hangs, the user must not wait for each attempt.
    else if (wasDegraded && !storage.isClosed && storage.isDue())
      await within(HEALS_WITHIN_MS, storage.heal()).catch(() => undefined)
    const done = (await tried(work)) ?? (!wasDegraded && isUrgent() ? await again(work) : undefined)
    if (done) return done.result
    // Memory is never written to storage after `close`.
    if (storage.isClosed) throw new AuthError('client_closed', 'The client was closed.')
    return fallback()
  }
}
