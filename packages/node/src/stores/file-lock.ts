import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { AuthError } from '@carnet/core'

/** A holder that did not refresh its lock file for this time has ended or is frozen. */
const STALE_MS = 10_000
const REFRESH_MS = 2000
const POLL_MS = 15
const LONGEST_WAIT_MS = 60_000

/**
 * Runs `work` while this process holds a lock file. The lock of a process that has ended is taken over.
 *
 * @throws AuthError `lock_timeout` after a minute.
 */
export async function withFileLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mark = `${process.pid} ${hostname()} ${randomUUID()}`
  await acquire(path, mark)
  const refreshing = setInterval(() => {
    const now = new Date()
    utimes(path, now, now).catch(() => undefined)
  }, REFRESH_MS)
  try {
    return await work()
  } finally {
    clearInterval(refreshing)
    const held = await readFile(path, 'utf8').catch(() => '')
    if (held === mark) await rm(path, { force: true })
  }
}

async function acquire(path: string, mark: string): Promise<void> {
  const startedMs = performance.now()
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  while (!(await tryAcquire(path, mark))) {
    if (performance.now() - startedMs > LONGEST_WAIT_MS)
      throw new AuthError('lock_timeout', 'Other processes held the lock file for too long.')
    if (await isAbandoned(path)) await takeAway(path)
    else await sleep(POLL_MS * (0.5 + Math.random()))
  }
}

async function tryAcquire(path: string, mark: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(mark).finally(() => file.close())
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function isAbandoned(path: string): Promise<boolean> {
  const [held, info] = await Promise.all([
    readFile(path, 'utf8').catch(() => undefined),
    stat(path).catch(() => undefined),
  ])
  if (held === undefined || !info) return false
  const [pid = '', host] = held.split(' ')
  const hasEnded = host === hostname() && !isRunning(Number(pid))
  return hasEnded || Date.now() - info.mtimeMs > STALE_MS
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes an abandoned lock file. Of several processes, only one moves the file away. */
async function takeAway(path: string): Promise<void> {
  const moved = `${path}.${randomUUID()}`
  await rename(path, moved).catch(() => undefined)
  // Another process may have renewed the lock just before: then the file goes back.
  if (await isAbandoned(moved)) await rm(moved, { force: true })
  else await rename(moved, path).catch(() => rm(moved, { force: true }))
}
