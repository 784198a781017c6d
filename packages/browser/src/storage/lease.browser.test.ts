import { afterEach, expect, test, vi } from 'vitest'
import { type Database, openDatabase } from './idb-database.ts'
import { createLease } from './lease.ts'

const DAY_MS = 24 * 3_600_000

const opened: Database[] = []
afterEach(() => {
  vi.useRealTimers()
  for (const database of opened.splice(0)) database.close()
})

/** A database, and as many tabs that share it as are wanted. */
async function setUp(patienceMs = 5000) {
  const name = `test-${crypto.randomUUID()}`
  const openTab = async () => {
    const database = await openDatabase(name, () => undefined)
    opened.push(database)
    return { database, withLease: createLease(async () => database, patienceMs) }
  }
  return { openTab }
}

/** Work that the test ends. */
function openEnded() {
  let finish = () => {}
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  return { work: () => done, finish: () => finish() }
}

const leaseIn = async (database: Database) => database.get('metadata', 'lease|x')

/** Another tab began to work, and died. */
const dies = (database: Database, endsAtMs: number) =>
  database.put('metadata', {
    key: 'lease|x',
    tags: [],
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    value: { owner: 'dead', endsAtMs },
  })

test('the second tab starts when the first tab has finished', async () => {
  const { openTab } = await setUp()
  const [one, two] = [await openTab(), await openTab()]
  const { work, finish } = openEnded()
  const happened: string[] = []
  const first = one.withLease('x', () => work().then(() => happened.push('first')))
  await expect.poll(() => leaseIn(one.database)).toBeDefined()
  const second = two.withLease('x', async () => happened.push('second'))
  finish()
  await Promise.all([first, second])
  expect(happened).toEqual(['first', 'second'])
  expect(await leaseIn(one.database)).toBeUndefined()
})

test('a tab that waits too long gets an error', async () => {
  const { openTab } = await setUp(0)
  const { database, withLease } = await openTab()
  await dies(database, Date.now() + 20_000)
  const waiting = withLease('x', async () => 'done')
  await expect(waiting).rejects.toMatchObject({ name: 'AuthError', code: 'lock_timeout' })
})

test('the lease of a closed tab expires', async () => {
  const { openTab } = await setUp()
  const { database, withLease } = await openTab()
  await dies(database, Date.now() - 1)
  expect(await withLease('x', async () => 'done')).toBe('done')
})

test('a lease from the future is ignored, because the clock was set back', async () => {
  const { openTab } = await setUp()
  const { database, withLease } = await openTab()
  await dies(database, Date.now() + DAY_MS)
  expect(await withLease('x', async () => 'done')).toBe('done')
})

test('a current lease holds, even if the clocks of two tabs differ slightly', async () => {
  const { openTab } = await setUp(0)
  const { database, withLease } = await openTab()
  await dies(database, Date.now() + 25_000 + 1000)
  await expect(withLease('x', async () => 'done')).rejects.toMatchObject({ code: 'lock_timeout' })
})

test('long work extends its lease', async () => {
  const { openTab } = await setUp()
  const { database, withLease } = await openTab()
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const { work, finish } = openEnded()
  const working = withLease('x', work)
  await expect.poll(() => leaseIn(database)).toBeDefined()
  for (let second = 0; second < 60; second += 5) {
    vi.advanceTimersByTime(5000)
    await leaseIn(database) // Comes after what was written before.
  }
  expect((await leaseIn(database))?.value.endsAtMs).toBeGreaterThan(Date.now() + 15_000)
  finish()
  await working
  expect(await leaseIn(database)).toBeUndefined()
})

test('a database that fails during the work does not change its result', async () => {
  const { openTab } = await setUp()
  const { database, withLease } = await openTab()
  const answer = withLease('x', async () => {
    database.close()
    return 'done'
  })
  expect(await answer).toBe('done')
  await expect(withLease('x', () => Promise.reject(new Error('the work failed')))).rejects.toThrow(
    'the work failed',
  )
})

test('without a database, the work still runs', async () => {
  const withLease = createLease(() => Promise.reject(new Error('no database')), 5000)
  expect(await withLease('x', async () => 'done')).toBe('done')
})
