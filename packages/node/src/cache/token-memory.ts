import { type AccessTokenRecord, type RecordStore, tokenSetKey } from '@carnet/core'
import {
  type CacheQuery,
  findByKey,
  findInTokenSet,
  isFresh,
  type TokenMirror,
  type TokenOwner,
} from '@carnet/core/services'
import type { StoreNews } from '../stores/shared-store.ts'
import { createTokenEntries } from './token-entries.ts'

/** The tokens in the memory of this process. The least recently used tokens go first, and each token goes when it expires. */
export interface TokenMemory<Details> extends TokenMirror {
  /** Keeps a token as the answer to a query. */
  remember(query: CacheQuery<TokenOwner>, record: AccessTokenRecord): void
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
  /** The name of a token's record in the store, if the store tells of changes. */
  readonly nameOf?: ((record: AccessTokenRecord) => string) | undefined
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
  const remember = (query: CacheQuery<TokenOwner>, record: AccessTokenRecord) =>
    entries.add({ question: questionOf(query), record, name: nameOf?.(record) })

  return {
    remember,
    peek(query, nowMs) {
      const question = questionOf(query)
      const record = entries.get(question)?.record
      if (!record || !isFresh(record, nowMs) || suspects.has(question)) return undefined
      entries.touch(question)
      return record
    },
    async find(query, nowMs, isGood = isFresh) {
      const begun = { epoch, changes }
      const question = questionOf(query)
      const found =
        (await findByKey(partition, store, query, nowMs, isGood)) ??
        (await findInTokenSet(partition, store, query, nowMs, isGood))
      if (found) {
        if (begun.epoch === epoch) remember(query, found)
        if (begun.changes !== changes && entries.get(question)) suspect([question], false)
        return found
      }
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

const questions = new WeakMap<object, string>()

/** The key of a query in memory. A service asks with the same query again and again. */
function questionOf(query: CacheQuery<TokenOwner>): string {
  const known = questions.get(query)
  if (known !== undefined) return known
  const question = `${tokenSetKey(query)}\n${query.scopeKeys.join(' ')}`
  questions.set(query, question)
  return question
}
