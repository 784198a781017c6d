import {
  AuthError,
  type Collection,
  createMemoryStore,
  type RecordName,
  type RecordStore,
  type StoreChange,
} from '@carnet/core'
import { within } from './bounded-store.ts'
import { isAbout, isTagged } from './store-changes.ts'

/** The wait after a failure before the next attempt to use storage. It doubles with each failed attempt, up to a minute. */
const FIRST_WAIT_MS = 2000
const LONGEST_WAIT_MS = 60_000
/** The longest time that an operation waits for such an attempt. The attempt itself continues. */
const HEALS_WITHIN_MS = 300

/** A pending write and its condition: another tab may have signed the account out meanwhile. */
interface Unsaved {
  readonly changes: readonly StoreChange[]
  readonly onlyIf?: RecordName | undefined
}

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
  let inner = connect()
  let degraded = false
  /** True if the failure was reported, and no operation has succeeded since. */
  let isTold = false
  let takenOver = false
  let closed = false
  /** The writes since storage failed. */
  let unsaved: Unsaved[] = []
  let waitMs = FIRST_WAIT_MS
  let nextTryMs = 0
  let healing: Promise<void> | undefined

  function degrade(cause: unknown, isTakenOver = false): void {
    if (degraded || closed) return
    degraded = true
    takenOver = isTakenOver
    nextTryMs = now() + waitMs
    if (!isTold) onDegraded(cause)
    isTold = true
  }

  /** @param isUrgent True if stale data in memory may do harm: then storage is tried at once, and a second time. */
  async function attempt<T>(
    work: () => Promise<T>,
    fallback: () => Promise<T>,
    isUrgent: () => boolean = () => false,
  ): Promise<T> {
    const wasDegraded = degraded
    if (degraded && !closed && isUrgent()) await heal()
    // If storage hangs, the user must not wait for each attempt.
    else if (degraded && !closed && now() >= nextTryMs)
      await within(HEALS_WITHIN_MS, heal()).catch(() => undefined)
    const done = (await tried(work)) ?? (!wasDegraded && isUrgent() ? await again(work) : undefined)
    if (done) return done.result
    // Memory is never written to storage after `close`.
    if (closed) throw new AuthError('client_closed', 'The client was closed.')
    return fallback()
  }

  async function tried<T>(work: () => Promise<T>): Promise<{ result: T } | undefined> {
    if (degraded) return undefined
    try {
      const result = await work()
      isTold = false
      return { result }
    } catch (cause) {
      degrade(cause)
      return undefined
    }
  }

  async function again<T>(work: () => Promise<T>): Promise<{ result: T } | undefined> {
    if (degraded) await heal()
    return tried(work)
  }

  function heal(): Promise<void> {
    healing ??= comeBack().finally(() => {
      healing = undefined
      if (!degraded) onHealed()
    })
    return healing
  }

  async function comeBack(): Promise<void> {
    const isDue = now() >= nextTryMs
    const fresh = connect()
    try {
      const held = memory.all()
      const written = unsaved.flatMap(({ changes }) => changes)
      const saved = held.filter(
        (put) => !written.some((change) => isAbout(change, put.collection, put.record.key)),
      )
      const holds = ({ collection, record }: (typeof held)[number]) =>
        fresh.get(collection, record.key)
      const wasEmptied =
        (await isAnew()) &&
        saved.length > 0 &&
        (await Promise.all(saved.map(holds))).every((record) => record === undefined)
      if (wasEmptied) await fresh.write(held)
      // One by one: new writes may arrive meanwhile, and each write has its own condition.
      for (let next = unsaved[0]; next; next = unsaved[0]) {
        await fresh.write(next.changes, next.onlyIf)
        unsaved = unsaved.slice(1)
      }
      if (closed) throw new Error('Closed meanwhile.')
      inner.close()
      inner = fresh
      degraded = false
      takenOver = false
      waitMs = FIRST_WAIT_MS
    } catch {
      fresh.close()
      if (!isDue) return // An urgent attempt does not make the next wait longer.
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
      nextTryMs = now() + waitMs
    }
  }

  const isOurs = (isMeant: (change: StoreChange) => boolean) =>
    unsaved.some(({ changes }) => changes.some(isMeant))

  /**
   * True if another tab may have redeemed the refresh token in memory. False if it was written here after storage failed.
   */
  const mayBeUsedUp = (collection: Collection, isMeant: (change: StoreChange) => boolean) =>
    collection === 'refreshTokens' && !closed && !takenOver && !isOurs(isMeant)

  return {
    degrade,
    retry() {
      if (degraded && !closed) void heal()
    },
    isDegraded: () => degraded,
    get: (collection, key) =>
      attempt(
        async () => {
          const record = await inner.get(collection, key)
          await memory.write([
            record ? { type: 'put', collection, record } : { type: 'delete', collection, key },
          ])
          return record
        },
        async () => {
          const isTheirs = takenOver && collection === 'refreshTokens'
          return isTheirs && !isOurs((change) => isAbout(change, collection, key))
            ? undefined
            : memory.get(collection, key)
        },
        () => mayBeUsedUp(collection, (change) => isAbout(change, collection, key)),
      ),
    find: (collection, tag) =>
      attempt(
        async () => {
          const records = await inner.find(collection, tag)
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
        () => inner.take(collection, key),
        () => {
          unsaved.push({ changes: [{ type: 'delete', collection, key }] })
          return inMemory
        },
      )
    },
    async write(changes, onlyIf) {
      return attempt(
        async () => {
          const applied = await inner.write(changes, onlyIf)
          if (applied) await memory.write(changes)
          return applied
        },
        async () => {
          // Add the write first: storage may work again while memory is written.
          const mine = { changes, onlyIf }
          unsaved.push(mine)
          const applied = await memory.write(changes, onlyIf)
          if (!applied) unsaved = unsaved.filter((one) => one !== mine)
          return applied
        },
      )
    },
    async prune(nowMs) {
      await memory.prune(nowMs)
      await attempt(
        () => inner.prune(nowMs),
        async () => undefined,
      )
    },
    close() {
      closed = true
      inner.close()
    },
  }
}
