import { createHash, randomUUID } from 'node:crypto'
import { chmod, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { StoredRecord } from '@carnet/core'
import { withFileLock } from './file-lock.ts'
import {
  byPartition,
  type Partition,
  partitionNameOf,
  readPartition,
  takeFrom,
} from './partition.ts'
import type { SharedStore } from './shared-store.ts'

/** Options of `fileStore`. */
export interface FileStoreOptions {
  /** The folder for the files. It is created with mode 700. */
  readonly folder: string
}

const EXTENSION = '.carnet'

/**
 * Creates a store in files, for command-line tools: one file for each owner, with mode 600. A write replaces the file
 * atomically, and a lock file orders the processes. The folder must be on a local disk.
 */
export function fileStore({ folder }: FileStoreOptions): SharedStore {
  const pathOf = (partition: string) => join(folder, `${safe(partition)}${EXTENSION}`)

  async function load(path: string): Promise<Partition> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined
      throw error
    })
    try {
      return readPartition(text)
    } catch {
      // Another program wrote the file. It is kept beside, and the partition is empty.
      await rename(path, `${path}.unreadable`).catch(() => undefined)
      return readPartition(undefined)
    }
  }

  async function save(path: string, partition: Partition): Promise<void> {
    if (partition.size === 0) return rm(path, { force: true })
    const next = `${path}.${randomUUID()}.new`
    const file = await open(next, 'wx', 0o600)
    try {
      await file.writeFile(partition.text())
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(next, path)
  }

  async function update<T>(
    path: string,
    change: (partition: Partition) => { readonly result: T } | undefined,
    unchanged: T,
  ): Promise<T> {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    return withFileLock(`${path}.lock`, async () => {
      const partition = await load(path)
      const changed = change(partition)
      if (!changed) return unchanged
      await save(path, partition)
      return changed.result
    })
  }

  return {
    get: async (collection, key) => (await load(pathOf(partitionNameOf(key)))).get(collection, key),
    find: async (collection, tag) =>
      (await load(pathOf(partitionNameOf(tag)))).find(collection, tag),
    take: (collection, key) =>
      update<StoredRecord | undefined>(
        pathOf(partitionNameOf(key)),
        (partition) => takeFrom(partition, collection, key),
        undefined,
      ),
    async write(changes, onlyIf) {
      for (const [name, group] of byPartition(changes, onlyIf)) {
        const apply = (partition: Partition) =>
          partition.apply(group.changes, group.onlyIf) ? { result: true } : undefined
        if (!(await update(pathOf(name), apply, false))) return false
      }
      return true
    },
    async prune(nowMs) {
      const names = await readdir(folder).catch(() => [])
      for (const name of names.filter((one) => one.endsWith(EXTENSION)))
        await update(
          join(folder, name),
          (one) => (one.prune(nowMs) > 0 ? { result: true } : undefined),
          false,
        )
    },
    withLock: (name, work) => withFileLock(join(folder, `renewal-${safe(name)}.lock`), work),
    close() {},
  }
}

/** A file name for any text, the same on file systems that ignore case. */
const safe = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32)
