import type { RecordStore } from '@carnet/core'

/**
 * A change of a store by another process: the names of its records, or all records may have changed (`all`), or the store lost
 * its records (`emptied`).
 */
export type StoreNews =
  | { readonly put: readonly string[]; readonly deleted: readonly string[] }
  | 'all'
  | 'emptied'

/** A `RecordStore` that several processes share. Every method besides those of `RecordStore` is optional. */
export interface SharedStore extends RecordStore {
  /**
   * Runs `work` while this process holds `name`, over all processes. Correctness does not depend on it: a holder may lose the
   * lock without notice.
   *
   * @throws AuthError `lock_timeout` if other processes hold the lock for too long.
   */
  withLock?<T>(name: string, work: () => Promise<T>): Promise<T>
  /** Calls the listener after changes by other processes. Returns a function that removes the listener. */
  onChange?(listener: (news: StoreNews) => void): () => void
  /**
   * Reads the settings of the store, and describes each one that may lose records. It changes nothing, and needs no rights of an
   * administrator. Without the right to read a setting, it says nothing about it.
   */
  warnings?(): Promise<readonly string[]>
}
