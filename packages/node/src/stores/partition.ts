import {
  type Collection,
  matches,
  type RecordCondition,
  type StoreChange,
  type StoredRecord,
} from '@carnet/core'
import { decodeValue, encodeValue } from './value-codec.ts'

/** The records of one partition of a store for files or blobs. */
export interface Partition {
  get(collection: Collection, key: string): StoredRecord | undefined
  find(collection: Collection, tag: string): StoredRecord[]
  /** Applies changes. Returns false, without a change, if the condition is not met. */
  apply(changes: readonly StoreChange[], onlyIf: RecordCondition | undefined): boolean
  /** Deletes the records that expired before `nowMs`. Returns their number. */
  prune(nowMs: number): number
  readonly size: number
  /** The whole partition as text. */
  text(): string
}

/** The partition of a record: its group of `record-names.ts`. Names without a group share one partition. */
export const partitionNameOf = (name: string): string => /^\{([^}]*)\}/.exec(name)?.[1] || 'default'

/**
 * Reads a partition.
 *
 * @throws SyntaxError if the text is not from `Partition.text`.
 */
export function readPartition(text: string | undefined): Partition {
  const stored = text === undefined ? [] : decodeValue(text)
  if (!Array.isArray(stored)) throw new SyntaxError('The partition is not a list of records.')
  const records = new Map<string, readonly [Collection, StoredRecord]>(
    (stored as [Collection, StoredRecord][]).map((entry) => [idOf(entry[0], entry[1].key), entry]),
  )
  const get = (collection: Collection, key: string) => records.get(idOf(collection, key))?.[1]
  const find = (collection: Collection, tag: string) =>
    [...records.values()].flatMap(([of, record]) =>
      of === collection && record.tags.includes(tag) ? record : [],
    )

  function applyOne(change: StoreChange): void {
    const { collection } = change
    if (change.type === 'put')
      records.set(idOf(collection, change.record.key), [collection, change.record])
    else if (change.type === 'delete') records.delete(idOf(collection, change.key))
    else for (const { key } of find(collection, change.tag)) records.delete(idOf(collection, key))
  }

  return {
    get,
    find,
    apply(changes, onlyIf) {
      if (onlyIf && !matches(get(onlyIf.collection, onlyIf.key), onlyIf)) return false
      changes.forEach(applyOne)
      return true
    },
    prune(nowMs) {
      const gone = [...records].filter(([, [, record]]) => record.expiresAtMs < nowMs)
      for (const [id] of gone) records.delete(id)
      return gone.length
    },
    get size() {
      return records.size
    },
    text: () => encodeValue([...records.values()]),
  }
}

/** Groups changes by their partitions, in order. A condition belongs to the partition of its record. */
export function byPartition(
  changes: readonly StoreChange[],
  onlyIf: RecordCondition | undefined,
): Map<string, { changes: StoreChange[]; onlyIf?: RecordCondition }> {
  const groups = new Map<string, { changes: StoreChange[]; onlyIf?: RecordCondition }>()
  // The partition of the condition comes first: if it refuses, no other partition has changed.
  if (onlyIf) groups.set(partitionNameOf(onlyIf.key), { changes: [], onlyIf })
  for (const change of changes) {
    const name = partitionNameOf(nameOf(change))
    const group = groups.get(name) ?? { changes: [] }
    group.changes.push(change)
    groups.set(name, group)
  }
  return groups
}

const nameOf = (change: StoreChange): string => {
  if (change.type === 'put') return change.record.key
  return change.type === 'delete' ? change.key : change.tag
}

const idOf = (collection: string, key: string) => `${collection}\n${key}`

/** Takes a record out of a partition, once. `undefined` if it is not there: then nothing is written. */
export function takeFrom(
  partition: Partition,
  collection: Collection,
  key: string,
): { result: StoredRecord } | undefined {
  const result = partition.get(collection, key)
  return result && partition.apply([{ type: 'delete', collection, key }], undefined)
    ? { result }
    : undefined
}
