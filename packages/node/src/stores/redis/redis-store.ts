import { randomUUID } from 'node:crypto'
import type { Collection, StoreChange, StoredRecord } from '@carnet/core'
import type { SharedStore } from '../shared-store.ts'
import { decodeValue, encodeValue } from '../value-codec.ts'
import type { RedisClient } from './client.ts'
import { createRedisLocks } from './locks.ts'
import { createRedisNews } from './news.ts'
import { FIND, PRUNE, type Script, TAKE, WRITE } from './scripts.ts'
import { warningsOf } from './settings.ts'
import { toRedis } from './to-redis.ts'

/** Options of `redisStore`. */
export interface RedisStoreOptions {
  /** Begins every key and the name of the channel. Default `carnet:`. */
  readonly prefix?: string | undefined
  /**
   * The lifetime of a lock, in milliseconds. Others wait so long for a process that is frozen, or whose machine lost its power.
   * The lock of a killed process is free within two seconds. Default 30 000.
   */
  readonly lockMs?: number | undefined
  /** The longest wait for a lock, in milliseconds. Default 60 000. */
  readonly lockWaitMs?: number | undefined
  /** Replaces `Date.now`. Lifetimes are sent as durations, so a wrong clock only shifts them. */
  readonly now?: (() => number) | undefined
}

/** A record that has expired is kept for this time, so that its writer can still read it. */
const SHORTEST_TTL_MS = 60_000
const LONGEST_TTL_MS = 10 * 365 * 24 * 3_600_000
/** The number of keys that one step of a prune looks at. */
const SCAN_COUNT = '500'

/**
 * Creates a store in Redis, which all machines share. It takes the app's own client of the package `redis` or `ioredis`, and
 * opens one connection of its own for the changes of other machines. Writes are Lua scripts, so they are atomic. Every record
 * has a lifetime.
 */
export function redisStore(client: RedisClient, options: RedisStoreOptions = {}): SharedStore {
  const { prefix = 'carnet:', now = Date.now } = options
  const redis = toRedis(client)
  const own = randomUUID()
  const channel = `${prefix}changes`

  const keyOf = (collection: Collection, key: string) => `${prefix}${collection}:${key}`
  const tagPrefixOf = (collection: Collection) => `${prefix}tag:${collection}:`

  /** Runs a script by its hash. Redis forgets scripts at a restart; then it gets the text. */
  async function run(
    { sha, text }: Script,
    keys: readonly string[],
    ...args: readonly string[]
  ): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...args]
    try {
      return await redis.command('EVALSHA', sha, ...rest)
    } catch (error) {
      if (!/NOSCRIPT/.test(String(error))) throw error
      return redis.command('EVAL', text, ...rest)
    }
  }

  const isHeard = () => news.isSubscribed()
  const locks = createRedisLocks({ ...options, prefix, channel, run, redis, own, isHeard })
  const news = createRedisNews({ redis, prefix, channel, own, wake: locks.wake })

  const toCommand = (change: StoreChange) => {
    const { type, collection } = change
    const tagPrefix = tagPrefixOf(collection)
    if (change.type === 'delete') return { type, tagPrefix, key: keyOf(collection, change.key) }
    if (change.type === 'deleteTagged') return { type, tagPrefix, tag: change.tag }
    const { key, tags, expiresAtMs } = change.record
    // Redis refuses a lifetime that is no number, in the middle of the script.
    const leftMs = Math.ceil(expiresAtMs - now()) || 0
    const ttl = Math.min(LONGEST_TTL_MS, Math.max(SHORTEST_TTL_MS, leftMs))
    const stored = storedText(change.record)
    return { type, tagPrefix, key: keyOf(collection, key), tags: [...tags], stored, ttl }
  }

  return {
    async get(collection, key) {
      return parseStored(key, await redis.command('GET', keyOf(collection, key)))
    },
    async find(collection, tag) {
      const found = await run(FIND, [`${tagPrefixOf(collection)}${tag}`])
      const texts = Array.isArray(found) ? found.map(String) : []
      const start = keyOf(collection, '').length
      return texts.flatMap((key, index) =>
        index % 2 === 0 ? (parseStored(key.slice(start), texts[index + 1]) ?? []) : [],
      )
    },
    async take(collection, key) {
      const args = [tagPrefixOf(collection), channel, `changed\n${own}\n`]
      return parseStored(key, await run(TAKE, [keyOf(collection, key)], ...args))
    },
    async write(changes, onlyIf) {
      const write = {
        // An empty Lua table would become an object.
        changes: changes.map(toCommand),
        onlyIf: onlyIf && { key: keyOf(onlyIf.collection, onlyIf.key), tag: onlyIf.tag },
      }
      const [first] = write.changes.flatMap((one) => ('key' in one ? one.key : []))
      const keys = [write.onlyIf?.key ?? first ?? []].flat()
      return (await run(WRITE, keys, JSON.stringify(write), channel, `changed\n${own}\n`)) === 1
    },
    async prune(nowMs) {
      // A scan covers one node only. In a cluster, records go at the end of their lifetimes.
      if (redis.isCluster) return
      let cursor = '0'
      do {
        const scanned = await redis.command(
          ...['SCAN', cursor, 'MATCH', `${globEscaped(prefix)}*`, 'COUNT', SCAN_COUNT],
        )
        const [next, keys] = scanned as [unknown, unknown[]]
        for (const key of keys.map(String)) {
          const [, collection] = /^([A-Za-z]+):/.exec(key.slice(prefix.length)) ?? []
          if (!collection || ['tag', 'lock', 'epoch'].includes(collection)) continue
          await run(PRUNE, [key], tagPrefixOf(collection as Collection), String(nowMs))
        }
        cursor = String(next)
      } while (cursor !== '0')
    },
    withLock: locks.withLock,
    onChange: news.onChange,
    warnings: () => warningsOf(redis),
    close: news.close,
  }
}

const storedText = ({ tags, expiresAtMs, value }: StoredRecord): string =>
  `${JSON.stringify([[...tags], expiresAtMs])}\n${typeof value === 'string' ? `s${value}` : `j${encodeValue(value)}`}`

function parseStored(key: string, stored: unknown): StoredRecord | undefined {
  if (typeof stored !== 'string') return undefined
  const end = stored.indexOf('\n')
  try {
    const [tags, expiresAtMs] = JSON.parse(stored.slice(0, end)) as [string[], number]
    const body = stored.slice(end + 2)
    const value = stored[end + 1] === 's' ? body : decodeValue(body)
    return { key, tags, expiresAtMs, value }
  } catch {
    return undefined // Another program wrote the key.
  }
}

const globEscaped = (text: string) => text.replace(/[\\*?[\]]/g, '\\$&')
