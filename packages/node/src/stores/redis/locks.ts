import { randomUUID } from 'node:crypto'
import { AuthError } from '@carnet/core'
import type { Redis } from './client.ts'
import { EXTEND, RELEASE, type Script } from './scripts.ts'

interface LockDeps {
  readonly redis: Redis
  readonly run: (script: Script, keys: readonly string[], ...args: string[]) => Promise<unknown>
  readonly prefix: string
  readonly channel: string
  /** Names this process, and the channel on which it shows that it lives. */
  readonly own: string
  /** True while this process is subscribed to the channel of its name. */
  readonly isHeard: () => boolean
  readonly lockMs?: number | undefined
  readonly lockWaitMs?: number | undefined
}

/** The longest pause between two attempts, if no message says that the lock is free. */
const POLL_MS = 250
/** A holder extends its lock at this interval, or faster for a short lock. */
const EXTENSION_MS = 500
/** A holder without a connection that has not extended its lock for this time has ended. */
const DEAD_MS = 1500

/** The channel on which a process is subscribed while it lives. */
export const lifeChannelOf = (prefix: string, own: string): string => `${prefix}alive:${own}`

/**
 * Locks over all machines: `SET NX PX` with a random owner. The holder extends its lock while it works, and releases it only
 * if it is still the owner.
 *
 * A process that is killed loses its connections at once, and a process that is frozen keeps them. So the lock of a killed
 * process is taken over within two seconds, soon enough for the grace period of a provider. The lock of a frozen process, or of
 * a machine that lost its power, lives until it expires.
 */
export function createRedisLocks(deps: LockDeps) {
  const { redis, run, prefix, channel, own, isHeard } = deps
  const { lockMs = 30_000, lockWaitMs = 60_000 } = deps
  const { wake, released } = createWaiting()
  const release = (key: string, owner: string) =>
    run(RELEASE, [key], owner, channel, `unlocked\n${key}`)

  /** Releases the lock of a process that has ended. */
  async function releaseOfDead(key: string): Promise<void> {
    const owner = await redis.command('GET', key)
    const [, name] = /^alive:([^:]+):/.exec(String(owner)) ?? []
    // A cluster counts the subscriptions of one node only.
    if (name === undefined || redis.isCluster) return
    const left = Number(await redis.command('PTTL', key))
    if (left > Number(/:(\d+)$/.exec(String(owner))?.[1]) - DEAD_MS) return
    const counted = await redis.command('PUBSUB', 'NUMSUB', lifeChannelOf(prefix, name))
    if (numberIn(counted) === 0) await release(key, String(owner))
  }

  async function acquire(key: string, owner: string): Promise<void> {
    const beganMs = performance.now()
    for (let attempt = 1; ; attempt += 1) {
      // Waiting begins before the attempt: a release in between is then not missed.
      const free = released(key)
      const answer = await redis.command('SET', key, owner, 'NX', 'PX', String(lockMs))
      if (answer === 'OK') return wake(key)
      // A Redis that refuses these commands frees the lock when it expires.
      if (attempt > 1) await releaseOfDead(key).catch(() => undefined)
      await free
      if (performance.now() - beganMs > lockWaitMs)
        throw new AuthError('lock_timeout', `Other processes held the lock for ${lockWaitMs} ms.`)
    }
  }

  return {
    wake,
    async withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
      const key = `${prefix}lock:${name}`
      const owner = `${isHeard() ? `alive:${own}` : 'unheard'}:${randomUUID()}:${lockMs}`
      await acquire(key, owner)
      const extending = setInterval(
        () => {
          run(EXTEND, [key], owner, String(lockMs)).catch(() => undefined)
        },
        Math.min(EXTENSION_MS, lockMs / 3),
      )
      try {
        return await work()
      } finally {
        clearInterval(extending)
        // If Redis does not answer, the lock expires.
        release(key, owner).catch(() => undefined)
      }
    },
  }
}

/** The number in the answer of `PUBSUB NUMSUB`, which is a list, or an object with RESP 3. */
const numberIn = (answer: unknown): number =>
  Number(Object.values(answer as object).find((one) => /^\d+$/.test(String(one))))

/** Wakes those who wait for a lock. */
function createWaiting() {
  const waiting = new Map<string, Set<() => void>>()
  return {
    wake(key: string): void {
      for (const awake of [...(waiting.get(key) ?? [])]) awake()
    },
    /** Resolves when the lock is released, and after the time of one poll at the latest. */
    released(key: string): Promise<void> {
      return new Promise((resolve) => {
        const set = waiting.get(key) ?? new Set()
        const awake = () => {
          clearTimeout(timer)
          set.delete(awake)
          if (set.size === 0) waiting.delete(key)
          resolve()
        }
        const timer = setTimeout(awake, POLL_MS * (0.5 + Math.random() / 2))
        waiting.set(key, set.add(awake))
      })
    },
  }
}
