import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError, type Collection, type StoredRecord } from '@carnet/core'
import { createBlobLocks } from './blob-locks.ts'
import {
  byPartition,
  type Partition,
  partitionNameOf,
  readPartition,
  takeFrom,
} from './partition.ts'
import type { SharedStore } from './shared-store.ts'

/** A blob and its version. */
export interface VersionedBlob {
  readonly blob: string
  /** Changes with each write: an ETag, a row version, a counter. */
  readonly version: string | number
}

/** The app's own serialization: a table of blobs, one for each partition. */
export interface BlobStoreOptions {
  /** Reads the blob of a partition; `undefined` if there is none. */
  read(partition: string): Promise<VersionedBlob | undefined>
  /**
   * Replaces the blob of a partition, if its version is still `version`. This comparison must be atomic. `version` is
   * `undefined` if there must be no blob yet. An `undefined` blob deletes the partition.
   *
   * @returns False if another process has changed the blob.
   */
  write(
    partition: string,
    blob: string | undefined,
    version: string | number | undefined,
  ): Promise<boolean>
  /** The names of all partitions, to prune expired records. Default: only partitions that this process has used. */
  list?(): Promise<readonly string[]>
  /** The lifetime of a lock, in milliseconds: a process that ends without releasing its lock blocks others for so long. Default 15 000. */
  readonly lockMs?: number | undefined
  /** Replaces `Date.now`. */
  readonly now?: (() => number) | undefined
}

/** After so many conflicts in a row, a write fails: the store then does not compare versions correctly. */
const MOST_ATTEMPTS = 200
const LONGEST_WAIT_MS = 50

/**
 * Creates a store on the app's own serialization. Writes are optimistic: if another process has changed the blob, the change
 * is applied to the new blob. No write is lost.
 */
export function blobStore(options: BlobStoreOptions): SharedStore {
  const used = new Set<string>()

  async function load(name: string): Promise<{ partition: Partition; version?: string | number }> {
    used.add(name)
    const stored = await options.read(name)
    if (!stored) return { partition: readPartition(undefined) }
    try {
      return { partition: readPartition(stored.blob), version: stored.version }
    } catch {
      // A blob that no store wrote holds no record. The next write replaces it.
      return { partition: readPartition(undefined), version: stored.version }
    }
  }

  /** Changes a partition until no other process interferes. `change` returns undefined to write nothing. */
  async function update<T>(
    name: string,
    change: (partition: Partition) => { readonly result: T } | undefined,
    unchanged: T,
  ): Promise<T> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      const { partition, version } = await load(name)
      const changed = change(partition)
      if (!changed) return unchanged
      const blob = partition.size > 0 ? partition.text() : undefined
      if (blob === undefined && version === undefined) return changed.result
      if (await options.write(name, blob, version)) return changed.result
      await sleep(Math.random() * Math.min(LONGEST_WAIT_MS, 2 ** attempt))
    }
    throw new AuthError(
      'store_unavailable',
      `The blob store refused ${MOST_ATTEMPTS} writes in a row.`,
    )
  }

  return {
    async get(collection, key) {
      return (await load(partitionNameOf(key))).partition.get(collection, key)
    },
    async find(collection, tag) {
      return (await load(partitionNameOf(tag))).partition.find(collection, tag)
    },
    take(collection: Collection, key: string) {
      return update<StoredRecord | undefined>(
        partitionNameOf(key),
        (partition) => takeFrom(partition, collection, key),
        undefined,
      )
    },
    async write(changes, onlyIf) {
      for (const [name, group] of byPartition(changes, onlyIf)) {
        const apply = (partition: Partition) =>
          partition.apply(group.changes, group.onlyIf) ? { result: true } : undefined
        if (!(await update(name, apply, false))) return false
      }
      return true
    },
    async prune(nowMs) {
      for (const name of (await options.list?.()) ?? used)
        await update(name, (one) => (one.prune(nowMs) > 0 ? { result: true } : undefined), false)
    },
    withLock: createBlobLocks(options),
    close() {},
  }
}
