import type { createMemoryStore, RecordCondition, RecordStore, StoreChange } from '@carnet/core'
import { isAbout } from './store-changes.ts'

/** The wait after a failure before the next attempt to use storage. It doubles with each failed attempt, up to a minute. */
const FIRST_WAIT_MS = 2000
const LONGEST_WAIT_MS = 60_000

/** A pending write and its condition: another tab may have signed the account out meanwhile. */
export interface Unsaved {
  readonly changes: readonly StoreChange[]
  readonly onlyIf?: RecordCondition | undefined
}

/** The dependencies of a recovery. */
export interface RecoveryDeps {
  readonly connect: () => RecordStore
  readonly memory: ReturnType<typeof createMemoryStore>
  readonly now: () => number
  /** Called once per failure. */
  readonly onDegraded: (cause: unknown) => void
  /** Called when storage works again. */
  readonly onHealed: () => void
  /** True if the storage was re-created. Missing records do not prove this: another tab may have deleted them. */
  readonly isAnew: () => Promise<boolean>
}

/** The connection to a storage that may fail, and the writes since it failed. */
export interface Recovery {
  readonly inner: RecordStore
  readonly isDegraded: boolean
  /** True if a newer version of Carnet took over the database. */
  readonly isTakenOver: boolean
  readonly isClosed: boolean
  /** True if the time for the next attempt has come. */
  isDue(): boolean
  /** The writes since storage failed. */
  unsaved: readonly Unsaved[]
  degrade(cause: unknown, isTakenOver?: boolean): void
  /** Notes that an operation has succeeded: the next failure is a new one. */
  worked(): void
  /** Tries storage again, and writes the pending changes. Never rejects. */
  heal(): Promise<void>
  close(): void
}

/** Connects to a storage, and connects again after it failed. */
export function createRecovery(deps: RecoveryDeps): Recovery {
  const { connect, now, onDegraded, onHealed } = deps
  /** True if the failure was reported, and no operation has succeeded since. */
  let isTold = false
  let waitMs = FIRST_WAIT_MS
  let nextTryMs = 0
  let healing: Promise<void> | undefined
  const state = {
    inner: connect(),
    isDegraded: false,
    isTakenOver: false,
    isClosed: false,
    unsaved: [] as readonly Unsaved[],
  }

  async function comeBack(): Promise<void> {
    const isDue = now() >= nextTryMs
    const fresh = connect()
    try {
      await writeTo(fresh, state, deps)
      if (state.isClosed) throw new Error('Closed meanwhile.')
      state.inner.close()
      Object.assign(state, { inner: fresh, isDegraded: false, isTakenOver: false })
      waitMs = FIRST_WAIT_MS
    } catch {
      fresh.close()
      if (!isDue) return // An urgent attempt does not make the next wait longer.
      waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)
      nextTryMs = now() + waitMs
    }
  }

  return Object.assign(state, {
    isDue: () => now() >= nextTryMs,
    degrade(cause: unknown, isTakenOver = false) {
      if (state.isDegraded || state.isClosed) return
      Object.assign(state, { isDegraded: true, isTakenOver })
      nextTryMs = now() + waitMs
      if (!isTold) onDegraded(cause)
      isTold = true
    },
    worked() {
      isTold = false
    },
    heal() {
      healing ??= comeBack().finally(() => {
        healing = undefined
        if (!state.isDegraded) onHealed()
      })
      return healing
    },
    close() {
      state.isClosed = true
      state.inner.close()
    },
  })
}

/** Writes the pending changes to a new connection, or all records in memory if the storage was re-created. */
async function writeTo(
  fresh: RecordStore,
  state: Pick<Recovery, 'unsaved'>,
  { memory, isAnew }: RecoveryDeps,
): Promise<void> {
  const held = memory.all()
  const written = state.unsaved.flatMap(({ changes }) => changes)
  const saved = held.filter(
    (put) => !written.some((change) => isAbout(change, put.collection, put.record.key)),
  )
  const holds = ({ collection, record }: (typeof held)[number]) => fresh.get(collection, record.key)
  const wasEmptied =
    (await isAnew()) &&
    saved.length > 0 &&
    (await Promise.all(saved.map(holds))).every((record) => record === undefined)
  if (wasEmptied) await fresh.write(held)
  // One by one: new writes may arrive meanwhile, and each write has its own condition.
  for (let next = state.unsaved[0]; next; next = state.unsaved[0]) {
    await fresh.write(next.changes, next.onlyIf)
    state.unsaved = state.unsaved.slice(1)
  }
}
