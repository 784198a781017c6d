import { createHash } from 'node:crypto'
import type { StoreChange } from '@carnet/core'
import { formatOf, instant, optional, shape, text } from '@carnet/core/records'
import type { ClientParts } from '../tokens/client-parts.ts'

/** The stored record of a session. */
export interface SessionRecord {
  /** The `id` of the account. */
  readonly account: string
  readonly iss: string
  readonly sub: string
  readonly sid?: string | undefined
  readonly createdAtMs: number
  readonly seenAtMs: number
  /** The absolute end. */
  readonly endsAtMs: number
}

const format = formatOf<SessionRecord>(
  1,
  shape<SessionRecord>({
    account: text,
    iss: text,
    sub: text,
    sid: optional(text),
    createdAtMs: instant,
    seenAtMs: instant,
    endsAtMs: instant,
  }),
)

interface Entry {
  readonly session: string
}

const entryFormat = formatOf<Entry>(1, shape<Entry>({ session: text }))

/** A session in the store, by the hash of its id. */
export interface FoundSession {
  readonly hash: string
  readonly record: SessionRecord
}

export type SessionRecords = ReturnType<typeof createSessionRecords>

/** The sessions that a process remembers for an outage of the store. */
const MOST_SEEN = 10_000

/** Names a session in the store: whoever reads the store learns no id. */
export const hashOf = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/**
 * Stores sessions by the hash of their ids, with an index by `sid` and an index by subject. An entry of an index has the name of
 * the index, so that all entries of it are in one slot of a Redis Cluster.
 */
export function createSessionRecords({ runtime }: ClientParts, idleMs: number) {
  const { config, store, platform, shared } = runtime
  const { partition } = config
  const seen = new Map<string, SessionRecord>()
  const keyOf = (hash: string) => `${partition}|%browser|${hash}`
  const tagsOf = ({ iss, sub, sid }: Pick<SessionRecord, 'iss' | 'sub' | 'sid'>) => [
    subTag(iss, sub),
    ...(sid === undefined ? [] : [sidTag(sid)]),
  ]
  const subTag = (iss: string, sub: string) => `${partition}|%sub|${hashOf(iss, sub)}`
  const sidTag = (sid: string) => `${partition}|%sid|${hashOf(sid)}`
  const endOf = ({ seenAtMs, endsAtMs }: SessionRecord) => Math.min(seenAtMs + idleMs, endsAtMs)

  const put = (hash: string, record: SessionRecord): StoreChange => ({
    type: 'put',
    collection: 'transactions',
    record: {
      key: keyOf(hash),
      tags: [],
      expiresAtMs: endOf(record),
      value: format.write(record),
    },
  })

  function remember(hash: string, record: SessionRecord | undefined): void {
    seen.delete(hash)
    if (record) seen.set(hash, record)
    for (const oldest of seen.keys()) {
      if (seen.size <= MOST_SEEN) break
      seen.delete(oldest)
    }
  }

  async function find(tag: string): Promise<readonly FoundSession[]> {
    const entries = await store.find('transactions', tag)
    const hashes = entries.flatMap(({ value }) => entryFormat.read(value)?.session ?? [])
    const found = await Promise.all(hashes.map(async (hash) => ({ hash, record: await get(hash) })))
    return found.flatMap(({ hash, record }) => (record ? [{ hash, record }] : []))
  }

  /** Begins to watch. The result is true if the store has left a read unanswered since: "not found" may be wrong then. */
  function watchStore(): () => boolean {
    const before = shared?.unanswered()
    return () => shared?.unanswered() !== before
  }

  async function get(hash: string): Promise<SessionRecord | undefined> {
    const isUnanswered = watchStore()
    const stored = await store.get('transactions', keyOf(hash))
    const isUnknown = stored === undefined && isUnanswered()
    const record = isUnknown ? seen.get(hash) : format.read(stored?.value)
    const isAlive = record !== undefined && platform.now() < endOf(record)
    remember(hash, isAlive ? record : undefined)
    return isAlive ? record : undefined
  }

  return {
    endOf,
    get,
    watchStore,
    bySid: (sid: string) => find(sidTag(sid)),
    bySubject: (iss: string, sub: string) => find(subTag(iss, sub)),

    async add(hash: string, record: SessionRecord): Promise<void> {
      await store.write([put(hash, record)])
      remember(hash, record)
      for (const tag of tagsOf(record)) {
        const value = entryFormat.write({ session: hash })
        const entry = { key: `${tag}|${hash}`, tags: [tag], expiresAtMs: record.endsAtMs, value }
        await store.write([{ type: 'put', collection: 'transactions', record: entry }])
      }
    },

    /** Postpones the idle timeout, unless the session was ended meanwhile. */
    async touch(hash: string, record: SessionRecord): Promise<void> {
      const next = { ...record, seenAtMs: platform.now() }
      const isKept = await store.write([put(hash, next)], {
        collection: 'transactions',
        key: keyOf(hash),
      })
      if (isKept) remember(hash, next)
    },

    async remove(hash: string, record: SessionRecord): Promise<void> {
      seen.delete(hash)
      await store.write([{ type: 'delete', collection: 'transactions', key: keyOf(hash) }])
      for (const tag of tagsOf(record))
        await store.write([{ type: 'delete', collection: 'transactions', key: `${tag}|${hash}` }])
    },
  }
}
