/** What a store holds, one name per kind of record. */
export type Collection =
  | 'accounts'
  | 'accessTokens'
  | 'refreshTokens'
  | 'consents'
  | 'transactions'
  | 'metadata'

/** A record as a store sees it. `value` survives structured cloning; secrets in it come sealed. */
export interface StoredRecord {
  readonly key: string
  /** Other words to find the record by. */
  readonly tags: readonly string[]
  /** When the record may be pruned, in milliseconds since the epoch. */
  readonly expiresAtMs: number
  readonly value: unknown
}

export type StoreChange =
  | { readonly type: 'put'; readonly collection: Collection; readonly record: StoredRecord }
  | { readonly type: 'delete'; readonly collection: Collection; readonly key: string }
  /** Deletes every record that carries the tag. */
  | { readonly type: 'deleteTagged'; readonly collection: Collection; readonly tag: string }

/** Which record is meant. */
export interface RecordName {
  readonly collection: Collection
  readonly key: string
  /** Only as long as it carries this tag: a record that took its place has another. */
  readonly tag?: string | undefined
}

/** True where `record` is there, and the one that is meant. */
export const isMeant = (record: StoredRecord | undefined, { tag }: RecordName): boolean =>
  record !== undefined && (tag === undefined || record.tags.includes(tag))

/**
 * Where records live. IndexedDB, session and memory are built in; an app may bring its own.
 * Every method may reject: the client then goes on from memory.
 */
export interface RecordStore {
  get(collection: Collection, key: string): Promise<StoredRecord | undefined>
  /** Every record that carries `tag`. Its cost must not grow with the records that do not. */
  find(collection: Collection, tag: string): Promise<StoredRecord[]>
  /** Reads a record and deletes it, as one step: of two callers, one gets it. */
  take(collection: Collection, key: string): Promise<StoredRecord | undefined>
  /**
   * Applies all changes or none. Resolves when they would survive a reload, and says whether they
   * were applied: with `onlyIf`, only where that record exists at that moment (`isMeant`).
   */
  write(changes: readonly StoreChange[], onlyIf?: RecordName): Promise<boolean>
  /** Deletes every record that expired before `nowMs`. */
  prune(nowMs: number): Promise<void>
  close(): void
}
