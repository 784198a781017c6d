import { randomUUID } from 'node:crypto'
import type { StoreNews } from '../shared-store.ts'
import type { Redis } from './client.ts'
import { lifeChannelOf } from './locks.ts'

interface NewsDeps {
  readonly redis: Redis
  readonly prefix: string
  readonly channel: string
  /** Names the sender of this process. */
  readonly own: string
  /** Wakes those who wait for a lock. */
  readonly wake: (lock: string) => void
}

/** Tells of the changes of other processes, over a channel of Redis. */
export function createRedisNews({ redis, prefix, channel, own, wake }: NewsDeps) {
  const listeners = new Set<(news: StoreNews) => void>()
  let unsubscribe: (() => void) | undefined
  let epoch: string | undefined
  let isSubscribed = false

  const tell = (news: StoreNews) => {
    for (const listener of listeners) listener(news)
  }

  function hear(message: string): void {
    const [kind, sender = '', ...lines] = message.split('\n')
    if (kind === 'unlocked') wake(sender)
    else if (kind === 'changed' && sender !== own) tell(newsOf(lines, prefix))
  }

  /** After a connection: messages may have been missed, and Redis may have restarted without its records. */
  async function caughtUp(): Promise<void> {
    const mine = randomUUID()
    const key = `${prefix}epoch`
    const set = await redis.command('SET', key, mine, 'NX').catch(() => undefined)
    const found = set === 'OK' ? mine : String(await redis.command('GET', key).catch(() => epoch))
    const before = epoch
    epoch = found
    if (before !== undefined) tell(before === found ? 'all' : 'emptied')
  }

  return {
    onChange(listener: (news: StoreNews) => void): () => void {
      listeners.add(listener)
      unsubscribe ??= redis.subscribe([channel, lifeChannelOf(prefix, own)], hear, () => {
        isSubscribed = true
        void caughtUp()
      })
      return () => void listeners.delete(listener)
    },
    /** True after the first subscription. A lost connection is restored, and counts as alive until then. */
    isSubscribed: () => isSubscribed,
    close(): void {
      isSubscribed = false
      listeners.clear()
      unsubscribe?.()
      unsubscribe = undefined
    },
  }
}

/** Reads the lines of a message: `+` or `-` and a key. A name is what follows the collection in a key. */
function newsOf(lines: readonly string[], prefix: string): StoreNews {
  const named = (sign: string) =>
    lines
      .filter((line) => line.startsWith(sign))
      .map((line) => line.slice(line.indexOf(':', 1 + prefix.length) + 1))
  return { put: named('+'), deleted: named('-') }
}
