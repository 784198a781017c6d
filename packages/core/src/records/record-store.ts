/** The kinds of records in a store. */
export type Collection =
  | 'accounts'
  | 'accessTokens'
  | 'refreshTokens'
  | 'consents'
  | 'transactions'
  | 'metadata'

/** A record in a store. `value` must survive structured cloning; its secrets are sealed. */
export interface StoredRecord {
  readonly key: string
  /** Additional names for `find`. */
  readonly tags: readonly string[]
  /** When the record may be pruned, in milliseconds since the epoch. */
  readonly expiresAtMs: number
  readonly value: unknown
}

/** One change of a `write`. */
export type StoreChange =
  | { readonly type: 'put'; readonly collection: Collection; readonly record: StoredRecord }
  | { readonly type: 'delete'; readonly collection: Collection; readonly key: string }
  /** Deletes every record that carries the tag. */
  | { readonly type: 'deleteTagged'; readonly collection: Collection; readonly tag: string }

/** Names a record, for the condition of a `write`. */
export interface RecordCondition {
  readonly collection: Collection
  readonly key: string
  /** If set, the record must carry this tag. A record that replaced it has another tag. */
  readonly tag?: string | undefined
}

/** True if `record` exists and carries the tag of the `RecordName`, if that has one. */
export const matches = (record: StoredRecord | undefined, { tag }: RecordCondition): boolean =>
  record !== undefined && (tag === undefined || record.tags.includes(tag))

/**
 * Stores records. Stores for IndexedDB, `sessionStorage` and memory are built in; an app may pass its own.
 * Every method may reject; the client then continues in memory.
 */
export interface RecordStore {
  get(collection: Collection, key: string): Promise<StoredRecord | undefined>
  /** Finds every record that carries `tag`. The cost must not grow with the number of other records. */
  find(collection: Collection, tag: string): Promise<StoredRecord[]>
  /** Reads and deletes a record atomically: of two callers, only one gets the record. */
  take(collection: Collection, key: string): Promise<StoredRecord | undefined>
  /**
   * Applies all changes or none, atomically. Resolves when the changes survive a reload.
   *
   * @param onlyIf Apply the changes only if this record exists at that moment; see `isMeant`.
   * @returns True if the changes were applied.
   */
  write(changes: readonly StoreChange[], onlyIf?: RecordCondition): Promise<boolean>
  /** Deletes every record that expired before `nowMs`. */
  prune(nowMs: number): Promise<void>
  close(): void
}
