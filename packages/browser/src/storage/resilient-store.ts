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

/** How long after a failure storage is tried again; doubled up to a minute while it stays broken. */
const FIRST_WAIT_MS = 2000
const LONGEST_WAIT_MS = 60_000
/** How long an operation waits for such an attempt, which goes on by itself. */
const HEALS_WITHIN_MS = 300

/** A write that waits for storage, with its condition: another tab may have signed the account out meanwhile. */
interface Unsaved {
  readonly changes: readonly StoreChange[]
  readonly onlyIf?: RecordName | undefined
}

export interface ResilientStore extends RecordStore {
  /**
   * Goes on from memory: the connection is lost, or was never there. Where a newer Carnet took the storage over, the
   * refresh tokens in it are that one's: to redeem them here too would end the sessions of both.
   */
  degrade(cause: unknown, isTakenOver?: boolean): void
  /** Tries storage again now: there is a sign that it answers. */
  retry(): void
  isDegraded(): boolean
}

export interface ResilientOptions {
  readonly now?: () => number
  /** What was read before. */
  readonly seen?: readonly StoreChange[] | undefined
  /** Storage works again: what others did meanwhile nobody here has read. */
  readonly onHealed?: () => void
  /**
   * Whether what was connected to last is another storage than before, made anew. Where others write to it too, that
   * records are gone does not say so: they may have been removed.
   */
  readonly isAnew?: () => Promise<boolean>
}

/**
 * A store that never rejects until it is closed: what was read or written stays in memory beside it, and when storage
 * fails the client goes on from there. It tries to come back: what was written meanwhile is written then, and where
 * the storage was emptied, all that memory holds. `onDegraded` is told once per failure.
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
  /** Whether it was told that storage fails; nothing has worked since. */
  let isTold = false
  let takenOver = false
  let closed = false
  /** What was written since storage failed. */
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

  /** @param isUrgent Whether what memory holds may do harm: then storage is tried at once, and once more. */
  async function attempt<T>(
    work: () => Promise<T>,
    fallback: () => Promise<T>,
    isUrgent: () => boolean = () => false,
  ): Promise<T> {
    const wasDegraded = degraded
    if (degraded && !closed && isUrgent()) await heal()
    // Storage that hangs would keep the user waiting at each attempt.
    else if (degraded && !closed && now() >= nextTryMs)
      await within(HEALS_WITHIN_MS, heal()).catch(() => undefined)
    const done = (await tried(work)) ?? (!wasDegraded && isUrgent() ? await again(work) : undefined)
    if (done) return done.result
    // Nobody would ever write what memory took now.
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
      // One by one: more may come while these are written, and each has its own condition.
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
      if (!isDue) return // Who was in a hurry makes nobody wait for longer.
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
      nextTryMs = now() + waitMs
    }
  }

  const isOurs = (isMeant: (change: StoreChange) => boolean) =>
    unsaved.some(({ changes }) => changes.some(isMeant))

  /**
   * A refresh token may be redeemed once. What memory holds of it another tab may have used up meanwhile, unless it came
   * here since storage failed.
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
          // At once: storage may come back while memory is written.
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
