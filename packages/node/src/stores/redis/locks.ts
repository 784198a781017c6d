import { randomUUID } from 'node:crypto'
import { AuthError } from '@carnet/core'
import type { Redis } from './client.ts'
import { EXTEND, RELEASE, type Script } from './scripts.ts'

interface LockDeps {
  readonly redis: Redis
  readonly run: (script: Script, keys: readonly string[], ...args: string[]) => Promise<unknown>
  readonly prefix: string
  readonly channel: string
  readonly lockMs?: number | undefined
  readonly lockWaitMs?: number | undefined
}

/** The longest pause between two attempts, if no message says that the lock is free. */
const POLL_MS = 250

/**
 * Locks over all machines: `SET NX PX` with a random owner. The holder extends its lock while it works, and releases it only
 * if it is still the owner. The lock of a process that has ended expires.
 */
export function createRedisLocks({
  redis,
  run,
  prefix,
  channel,
  lockMs = 15_000,
  lockWaitMs = 60_000,
}: LockDeps) {
  /** Wakes those who wait for a lock. */
  const waiting = new Map<string, Set<() => void>>()

  const wake = (key: string) => {
    for (const awake of [...(waiting.get(key) ?? [])]) awake()
  }

  function released(key: string): Promise<void> {
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
  }

  async function acquire(key: string, owner: string): Promise<void> {
    const beganMs = performance.now()
    for (;;) {
      // Waiting begins before the attempt: a release in between is then not missed.
      const free = released(key)
      const answer = await redis.command('SET', key, owner, 'NX', 'PX', String(lockMs))
      if (answer === 'OK') return wake(key)
      await free
      if (performance.now() - beganMs > lockWaitMs)
        throw new AuthError('lock_timeout', `Other processes held the lock for ${lockWaitMs} ms.`)
    }
  }

  return {
    wake,
    async withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
      const key = `${prefix}lock:${name}`
      const owner = randomUUID()
      await acquire(key, owner)
      const extending = setInterval(() => {
        run(EXTEND, [key], owner, String(lockMs)).catch(() => undefined)
      }, lockMs / 3)
      try {
        return await work()
      } finally {
        clearInterval(extending)
        // If Redis does not answer, the lock expires.
        run(RELEASE, [key], owner, channel, `unlocked\n${key}`).catch(() => undefined)
      }
    },
  }
}
