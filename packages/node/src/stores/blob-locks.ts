import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError } from '@carnet/core'
import type { BlobStoreOptions } from './blob-store.ts'

const DEFAULT_LOCK_MS = 15_000
const POLL_MS = 50
/** The longest wait for a lock, as a multiple of its lifetime. */
const WAITS = 4

/** Locks over all processes that share a table of blobs. A lock is a blob with its owner and its end. */
export function createBlobLocks({
  read,
  write,
  lockMs = DEFAULT_LOCK_MS,
  now = Date.now,
}: BlobStoreOptions) {
  async function tryLock(key: string, owner: string): Promise<boolean> {
    const held = await read(key)
    const [holder, untilMs = '0'] = held?.blob.split(' ') ?? []
    if (held && holder !== owner && Number(untilMs) > now()) return false
    return write(key, `${owner} ${now() + lockMs}`, held?.version)
  }

  async function acquire(key: string, owner: string): Promise<void> {
    const untilMs = now() + WAITS * lockMs
    while (!(await tryLock(key, owner))) {
      if (now() > untilMs)
        throw new AuthError('lock_timeout', 'Other processes held the lock for too long.')
      await sleep(POLL_MS * (0.5 + Math.random()))
    }
  }

  async function release(key: string, owner: string): Promise<void> {
    const held = await read(key)
    if (held?.blob.startsWith(`${owner} `)) await write(key, undefined, held.version)
  }

  return async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
    const key = lockName(name)
    const owner = randomUUID()
    await acquire(key, owner)
    const extend = () => void tryLock(key, owner).catch(() => undefined)
    const extending = setInterval(extend, lockMs / 3)
    try {
      return await work()
    } finally {
      clearInterval(extending)
      await release(key, owner).catch(() => undefined)
    }
  }
}

const lockName = (name: string): string =>
  `lock-${createHash('sha256').update(name).digest('base64url').slice(0, 22)}`
