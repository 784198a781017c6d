import {
  createMemoryStore,
  type RecordStore,
  type StoreChange,
  type StoredRecord,
} from '@carnet/core'
import { encodeValue } from './value-codec.ts'

/** Options of `memoryStore`. */
export interface MemoryStoreOptions {
  /** The most that the records take, in bytes. Default 64 MiB. */
  readonly maxBytes?: number | undefined
  /** Replaces `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** A `RecordStore` in the memory of this process, bounded in bytes. */
export interface BoundedMemoryStore extends RecordStore {
  bytes(): number
}

export const DEFAULT_MEMORY_BYTES = 64 * 2 ** 20
/** Memory that a record takes besides its texts. */
const BYTES_PER_RECORD = 600
/** Expired records are removed in steps of this length. */
const STEP_MS = 1000

interface Held {
  readonly collection: StoreChange['collection']
  readonly key: string
  readonly bytes: number
  readonly expiresAtMs: number
}

/**
 * Creates a store in memory. When it is full, the oldest access tokens go first; refresh tokens go only when no other record
 * is left. Expired records are removed at later writes.
 */
export function memoryStore({
  maxBytes = DEFAULT_MEMORY_BYTES,
  now = Date.now,
}: MemoryStoreOptions = {}): BoundedMemoryStore {
  const inner = createMemoryStore()
  const lasting = new Map<string, Held>()
  const passing = new Map<string, Held>()
  const due = new Map<number, Set<string>>()
  let bytes = 0
  let sweptAt = 0

  const idOf = (collection: string, key: string) => `${collection}\n${key}`
  const mapOf = (collection: string) => (collection === 'refreshTokens' ? lasting : passing)

  function forget(collection: StoreChange['collection'], key: string): void {
    const id = idOf(collection, key)
    const held = mapOf(collection).get(id)
    if (!held) return
    mapOf(collection).delete(id)
    bytes -= held.bytes
    due.get(Math.ceil(held.expiresAtMs / STEP_MS))?.delete(id)
  }

  function note(collection: StoreChange['collection'], record: StoredRecord): void {
    forget(collection, record.key)
    const { key, tags, expiresAtMs } = record
    const texts = key.length + tags.join().length + encodeValue(record.value).length
    const held = { collection, key, expiresAtMs, bytes: BYTES_PER_RECORD + texts }
    const id = idOf(collection, key)
    mapOf(collection).set(id, held)
    bytes += held.bytes
    const step = Math.ceil(expiresAtMs / STEP_MS)
    due.set(step, (due.get(step) ?? new Set()).add(id))
  }

  const removal = ({ collection, key }: Held): StoreChange => ({ type: 'delete', collection, key })

  async function remove(gone: readonly Held[]): Promise<void> {
    await inner.write(gone.map(removal))
    for (const { collection, key } of gone) forget(collection, key)
  }

  async function sweep(): Promise<void> {
    const step = Math.floor(now() / STEP_MS)
    if (step === sweptAt) return
    sweptAt = step
    for (const [dueAt, ids] of [...due]) {
      if (dueAt >= step) continue
      due.delete(dueAt)
      await remove([...ids].flatMap((id) => passing.get(id) ?? lasting.get(id) ?? []))
    }
  }

  async function shrink(): Promise<void> {
    const gone: Held[] = []
    let left = bytes
    for (const held of [...passing.values(), ...lasting.values()]) {
      if (left <= maxBytes) break
      left -= held.bytes
      gone.push(held)
    }
    if (gone.length > 0) await remove(gone)
  }

  return {
    get: inner.get,
    find: inner.find,
    async take(collection, key) {
      const record = await inner.take(collection, key)
      forget(collection, key)
      return record
    },
    async write(changes, onlyIf) {
      await sweep()
      const tagged = await Promise.all(
        changes.map((change) =>
          change.type === 'deleteTagged' ? inner.find(change.collection, change.tag) : [],
        ),
      )
      if (!(await inner.write(changes, onlyIf))) return false
      changes.forEach((change, index) => {
        if (change.type === 'put') note(change.collection, change.record)
        else if (change.type === 'delete') forget(change.collection, change.key)
        else for (const { key } of tagged[index] ?? []) forget(change.collection, key)
      })
      if (bytes > maxBytes) await shrink()
      return true
    },
    async prune(nowMs) {
      const gone = [...passing.values(), ...lasting.values()]
      await remove(gone.filter(({ expiresAtMs }) => expiresAtMs < nowMs))
    },
    close() {},
    bytes: () => bytes,
  }
}
