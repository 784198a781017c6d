import { type AccessTokenRecord, queryShelfKey, type RecordStore } from '@carnet/core'
import {
  type CacheQuery,
  findOnShelf,
  isFresh,
  type TokenMirror,
  type TokenOwner,
} from '@carnet/core/services'
import type { StoreNews } from '../stores/shared-store.ts'

/** The details of an owner that a result needs besides the token. */
export interface Remembered<Details> {
  readonly record: AccessTokenRecord
  readonly details: Details
}

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

interface Entry {
  readonly question: string
  readonly record: AccessTokenRecord
  readonly bytes: number
  readonly name: string | undefined
  readonly dueAt: number
}

/** Memory that objects and map entries take, besides the texts. */
const BYTES_PER_ENTRY = 1200
/** Expired tokens are removed in steps of this length. */
const STEP_MS = 1000

interface MemoryDeps {
  readonly partition: string
  readonly store: Pick<RecordStore, 'find'>
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
  /** In the order of their last use. */
  const entries = new Map<string, Entry>()
  const byOwner = createIndex()
  const byName = createIndex()
  /** The tokens that expire in one step of time. */
  const due = new Map<number, Set<string>>()
  const details = new Map<string, Details>()
  /** Tokens whose records changed; true if another machine deleted the record. */
  const suspects = new Map<string, boolean>()
  const questions = new WeakMap<object, string>()
  let bytes = 0
  /** Grows with each removal: the result of a read that began before is not kept. */
  let epoch = 0
  /** Grows with each change by another machine: the result of a read that began before is suspect. */
  let changes = 0
  let sweptAt = Math.floor(now() / STEP_MS)

  function questionOf(query: CacheQuery<TokenOwner>): string {
    const known = questions.get(query)
    if (known !== undefined) return known
    const question = `${queryShelfKey(query)}\n${query.scopes.join(' ')}`
    questions.set(query, question)
    return question
  }

  function remove(question: string): void {
    const entry = entries.get(question)
    if (!entry) return
    entries.delete(question)
    suspects.delete(question)
    bytes -= entry.bytes
    const { owner } = entry.record
    if (byOwner.remove(owner, question)) details.delete(owner)
    if (entry.name !== undefined) byName.remove(entry.name, question)
    const step = due.get(entry.dueAt)
    step?.delete(question)
    if (step?.size === 0) due.delete(entry.dueAt)
  }

  function sweep(): void {
    const step = Math.floor(now() / STEP_MS)
    if (step === sweptAt) return
    sweptAt = step
    for (const [dueAt, ended] of due)
      if (dueAt < step) for (const question of [...ended]) remove(question)
  }

  function remember(query: CacheQuery<TokenOwner>, record: AccessTokenRecord): void {
    const question = questionOf(query)
    remove(question)
    sweep()
    const entry = {
      question,
      record,
      bytes: BYTES_PER_ENTRY + 2 * (record.token.length + 3 * question.length),
      name: nameOf?.(record),
      dueAt: Math.ceil(Math.max(record.expiresAtMs, record.extendedExpiresAtMs ?? 0) / STEP_MS),
    }
    entries.set(question, entry)
    bytes += entry.bytes
    byOwner.add(record.owner, question)
    if (entry.name !== undefined) byName.add(entry.name, question)
    const step = due.get(entry.dueAt) ?? new Set()
    due.set(entry.dueAt, step.add(question))
    for (const oldest of entries.keys()) {
      if (bytes <= maxBytes || oldest === question) break
      remove(oldest)
    }
  }

  return {
    remember,
    peek(query, nowMs) {
      const question = questionOf(query)
      const entry = entries.get(question)
      if (!entry || !isFresh(entry.record, nowMs) || suspects.has(question)) return undefined
      entries.delete(question)
      entries.set(question, entry)
      return entry.record
    },
    async find(query, nowMs, isGood = isFresh) {
      const begun = { epoch, changes }
      const question = questionOf(query)
      const found = await findOnShelf(partition, store, query, nowMs, isGood)
      if (found) {
        if (begun.epoch === epoch) remember(query, found)
        if (begun.changes !== changes && entries.has(question)) suspects.set(question, false)
        return found
      }
      const held = entries.get(question)?.record
      // Another machine deleted the record.
      if (held && suspects.get(question) && !isStoreDown()) return void remove(question)
      // The store is down or lost the record: memory holds the only copy.
      return held && isGood(held, nowMs) ? held : undefined
    },
    noteDetails(owner, noted) {
      if (byOwner.has(owner)) details.set(owner, noted)
    },
    detailsOf: (owner) => details.get(owner),
    forget(owner) {
      epoch += 1
      for (const question of byOwner.of(owner)) remove(question)
    },
    hear(news) {
      changes += 1
      if (news === 'all') {
        for (const question of entries.keys()) suspects.set(question, true)
        return
      }
      for (const name of news.put)
        for (const question of byName.of(name))
          suspects.set(question, suspects.get(question) ?? false)
      for (const name of news.deleted)
        for (const question of byName.of(name)) suspects.set(question, true)
    },
    forgetAll() {
      epoch += 1
      for (const question of [...entries.keys()]) remove(question)
    },
    epoch: () => epoch,
    records: () => [...entries.values()].map(({ record }) => record),
    tokens: () => entries.size,
    bytes: () => bytes,
  }
}

/** Finds entries by a second name. */
function createIndex() {
  const sets = new Map<string, Set<string>>()
  return {
    has: (name: string) => sets.has(name),
    of: (name: string): string[] => [...(sets.get(name) ?? [])],
    add: (name: string, entry: string) =>
      void sets.set(name, (sets.get(name) ?? new Set()).add(entry)),
    /** Returns true if the name has no entry left. */
    remove(name: string, entry: string): boolean {
      const set = sets.get(name)
      set?.delete(entry)
      if (set?.size === 0) sets.delete(name)
      return set?.size === 0
    },
  }
}
