import type { AccessTokenRecord, RecordStore } from '@carnet/core'
import {
  accessTokenRecordKey,
  type CacheQuery,
  findByKey,
  findInTokenSet,
  type IsGood,
  isFresh,
  queryKey,
  type TokenMirror,
  type TokenOwner,
} from '@carnet/core/services'
import type { StoreNews } from '../stores/shared-store.ts'
import { createTokenEntries } from './token-entries.ts'

/** A query that may know its `queryKey`. */
type KeyedQuery = CacheQuery<TokenOwner> & { readonly recordKey?: string }

/** The tokens in the memory of this process. The least recently used tokens go first, and each token goes when it expires. */
export interface TokenMemory<Details> extends TokenMirror {
  /** Keeps a token as the answer to a query. */
  remember(query: KeyedQuery, record: AccessTokenRecord): void
  /** Reads the token for exactly the scopes of a query from the store, and keeps it: one read. */
  findByKey(query: KeyedQuery, nowMs: number): Promise<AccessTokenRecord | undefined>
  /** Keeps the details of an owner as long as a token of the owner. */
  noteDetails(owner: string, details: Details): void
  detailsOf(owner: string): Details | undefined
  /**
   * Takes note of changes by other machines. Changed tokens are looked up in the store before they serve again. A token whose
   * record another machine deleted no longer serves, except while the store is down.
   */
  hear(news: Exclude<StoreNews, 'emptied'>): void
  readonly records: () => Iterable<AccessTokenRecord>
  readonly tokens: () => number
  readonly bytes: () => number
}

interface MemoryDeps {
  readonly partition: string
  readonly store: Pick<RecordStore, 'find' | 'get'>
  readonly maxBytes: number
  readonly now: () => number
  /** True while the store does not answer. */
  readonly isStoreDown?: (() => boolean) | undefined
  /** The name of a record in the store by its key, if the store tells of changes. */
  readonly nameOf?: ((key: string) => string) | undefined
}

/** Creates the memory. The cost of a look-up does not grow with the number of tokens. */
export function createTokenMemory<Details>(deps: MemoryDeps): TokenMemory<Details> {
  const { partition, store, maxBytes, now, nameOf, isStoreDown = () => false } = deps
  const details = new Map<string, Details>()
  /** Tokens whose records changed; true if another machine deleted the record. */
  const suspects = new Map<string, boolean>()
  const entries = createTokenEntries(maxBytes, now, (question, lastOf) => {
    suspects.delete(question)
    if (lastOf !== undefined) details.delete(lastOf)
  })
  /** Grows with each removal: the result of a read that began before is not kept. */
  let epoch = 0
  /** Grows with each change by another machine: the result of a read that began before is suspect. */
  let changes = 0
  const suspect = (questions: readonly string[], isDeleted: boolean) => {
    for (const question of questions)
      suspects.set(question, isDeleted || (suspects.get(question) ?? false))
  }
  const questionOf = (query: KeyedQuery) => query.recordKey ?? queryKey(partition, query)
  const remember = (question: string, record: AccessTokenRecord, key: string) =>
    entries.add({ question, record, name: nameOf?.(key) })
  const keyOf = (record: AccessTokenRecord) => accessTokenRecordKey(partition, record)

  /** Runs a read of the store, and keeps its result unless memory was cleared since. */
  async function keeping(
    question: string,
    read: () => Promise<AccessTokenRecord | undefined>,
    keyOfFound: (record: AccessTokenRecord) => string,
  ): Promise<AccessTokenRecord | undefined> {
    const begun = { epoch, changes }
    const found = await read()
    if (!found) return undefined
    if (begun.epoch === epoch) remember(question, found, keyOfFound(found))
    if (begun.changes !== changes && entries.get(question)) suspect([question], false)
    return found
  }

  const readByKey = (query: KeyedQuery, nowMs: number, isGood: IsGood) => {
    const key = questionOf(query)
    const read = () => findByKey(store, key, query, nowMs, isGood)
    return keeping(key, read, () => key)
  }

  return {
    remember: (query, record) => remember(questionOf(query), record, keyOf(record)),
    findByKey: (query, nowMs) => readByKey(query, nowMs, isFresh),
    peek(query: KeyedQuery, nowMs) {
      const question = questionOf(query)
      const record = entries.get(question)?.record
      if (!record || !isFresh(record, nowMs) || suspects.has(question)) return undefined
      entries.touch(question)
      return record
    },
    async find(query: KeyedQuery, nowMs, isGood = isFresh) {
      const question = questionOf(query)
      const search = () => findInTokenSet(partition, store, query, nowMs, isGood)
      const found =
        (await readByKey(query, nowMs, isGood)) ?? (await keeping(question, search, keyOf))
      if (found) return found
      const held = entries.get(question)?.record
      // Another machine deleted the record.
      if (held && suspects.get(question) && !isStoreDown()) return void entries.remove(question)
      // The store is down or lost the record: memory holds the only copy.
      return held && isGood(held, nowMs) ? held : undefined
    },
    noteDetails(owner, noted) {
      if (entries.byOwner.has(owner)) details.set(owner, noted)
    },
    detailsOf: (owner) => details.get(owner),
    forget(owner) {
      epoch += 1
      for (const question of entries.byOwner.of(owner)) entries.remove(question)
    },
    hear(news) {
      changes += 1
      if (news === 'all') return suspect(entries.questions(), true)
      suspect(news.put.flatMap(entries.byName.of), false)
      suspect(news.deleted.flatMap(entries.byName.of), true)
    },
    forgetAll() {
      epoch += 1
      for (const question of entries.questions()) entries.remove(question)
    },
    epoch: () => epoch,
    records: entries.records,
    tokens: entries.size,
    bytes: entries.bytes,
  }
}
