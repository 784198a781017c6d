import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createTabClaim, type TabClaim } from './tab-claim.ts'

/** The storage of a tab. A copy starts with its content, as in a duplicated tab. */
function createStorage(from: Storage | Record<string, string> = {}): Storage {
  const held = new Map(Object.entries({ ...from }))
  const methods = {
    getItem: (key: string) => held.get(key) ?? null,
    setItem: (key: string, text: string) => void held.set(key, text),
    removeItem: (key: string) => void held.delete(key),
  }
  return new Proxy(methods as unknown as Storage, {
    get: (target, key) => Reflect.get(target, key) ?? held.get(String(key)),
    ownKeys: () => [...held.keys()],
    getOwnPropertyDescriptor: (_, key) => ({
      configurable: true,
      enumerable: true,
      value: held.get(String(key)),
    }),
  })
}
const idOf = (storage: Storage) =>
  Object.entries({ ...storage }).find(([key]) => key.endsWith('|id'))?.[1]

let name = ''
beforeEach(() => {
  name = `test-${crypto.randomUUID()}`
})
const open: TabClaim[] = []
afterEach(() => {
  for (const claim of open.splice(0)) claim.close()
  vi.restoreAllMocks()
})

function claim(storage: Storage, page?: Parameters<typeof createTabClaim>[3]) {
  const onCopy = vi.fn()
  const made = createTabClaim(storage, name, onCopy, page)
  open.push(made)
  return { ...made, onCopy }
}
async function settled(storage: Storage) {
  const made = claim(storage)
  await made.settled()
  return made
}

test('the first page of a tab is its owner, and so is the next page after it', async () => {
  const storage = createStorage()
  const first = await settled(storage)
  const id = idOf(storage)
  expect(id).toBeDefined()
  first.close()
  const second = await settled(storage)
  expect(idOf(storage)).toBe(id)
  for (const { onCopy } of [first, second]) expect(onCopy).not.toHaveBeenCalled()
})

test('a page whose predecessor ends a moment later is the owner', async () => {
  const storage = createStorage()
  const first = await settled(storage)
  const second = claim(storage)
  // The document before a reload answers nothing any more; its lock goes last.
  first.close()
  await second.settled()
  expect(second.onCopy).not.toHaveBeenCalled()
})

test('a copy withdraws its request for the lock only after the browser has registered it', async () => {
  const storage = createStorage()
  await settled(storage)
  const lock = `carnet-tab|${name}|${idOf(storage)}`
  const { locks } = navigator
  const requests = vi.spyOn(locks, 'request')
  const query = locks.query.bind(locks)
  let answer = () => {}
  const answered = new Promise<void>((resolve) => {
    answer = resolve
  })
  vi.spyOn(locks, 'query').mockImplementation(() => answered.then(query))
  expect((await settled(createStorage(storage))).onCopy).toHaveBeenCalledOnce()
  const [, options] = requests.mock.calls.find(([requested]) => requested === lock) ?? []
  const { signal } = options as LockOptions
  expect(signal?.aborted).toBe(false)
  answer()
  await expect.poll(() => signal?.aborted).toBe(true)
})

test('a copy is detected before any read of its storage, and gets its own id', async () => {
  const storage = createStorage()
  const original = await settled(storage)
  const copied = createStorage(storage)
  const copy = await settled(copied)
  expect(copy.onCopy).toHaveBeenCalledOnce()
  expect(idOf(copied)).not.toBe(idOf(storage))
  expect(original.onCopy).not.toHaveBeenCalled()

  // From then on it is an ordinary tab: a reload keeps its records.
  copy.close()
  expect((await settled(copied)).onCopy).not.toHaveBeenCalled()
})

test('each of several copies gets its own id', async () => {
  const storage = createStorage()
  await settled(storage)
  const copies = [1, 2, 3].map(() => createStorage(storage))
  const claims = await Promise.all(copies.map(settled))
  for (const { onCopy } of claims) expect(onCopy).toHaveBeenCalledOnce()
  expect(new Set([storage, ...copies].map(idOf)).size).toBe(4)
})

test('a copy whose original was closed is the owner', async () => {
  const storage = createStorage()
  const original = await settled(storage)
  const copied = createStorage(storage)
  original.close()
  expect((await settled(copied)).onCopy).not.toHaveBeenCalled()
  // The original is opened again: the copy may have used the shared refresh tokens.
  expect((await settled(storage)).onCopy).toHaveBeenCalledOnce()
})

test('clients and iframes of one tab share its storage, in any order of start and end', async () => {
  const storage = createStorage()
  const claims = [1, 2, 3].map(() => claim(storage))
  for (const { settled: isSettled } of claims) await isSettled()
  claims[0]?.close()
  const fourth = await settled(storage)
  for (const { onCopy } of [...claims, fourth]) expect(onCopy).not.toHaveBeenCalled()

  // Another client has the lock now: a copy still finds it taken.
  expect((await settled(createStorage(storage))).onCopy).toHaveBeenCalledOnce()
})

test('two clients of a copied page drop the storage once, and share the new id', async () => {
  const storage = createStorage()
  await settled(storage)
  const copied = createStorage(storage)
  const claims = [claim(copied), claim(copied)]
  for (const { settled: isSettled } of claims) await isSettled()
  const drops = claims.reduce((sum, { onCopy }) => sum + onCopy.mock.calls.length, 0)
  expect(drops).toBe(1)
})

test('if the original is frozen and does not respond, the other page is a copy after a bounded wait', async () => {
  const storage = createStorage()
  ;(await settled(storage)).close()
  let thaw = () => {}
  const frozen = new Promise<void>((resolve) => {
    thaw = resolve
  })
  void navigator.locks.request(`carnet-tab|${name}|${idOf(storage)}`, () => frozen)
  expect((await settled(createStorage(storage))).onCopy).toHaveBeenCalledOnce()
  thaw()
})

describe('through the back-forward cache', () => {
  const callAll = (callbacks: Set<() => void>) => {
    for (const callback of callbacks) callback()
  }
  function createPage() {
    const stored = new Set<() => void>()
    const restored = new Set<() => void>()
    const on = (set: Set<() => void>) => (callback: () => void) => {
      set.add(callback)
      return () => void set.delete(callback)
    }
    return {
      page: { onStored: on(stored), onRestored: on(restored) },
      isStored: () => callAll(stored),
      isRestored: () => callAll(restored),
    }
  }

  test('the next page of the tab is the owner until the first page returns', async () => {
    const storage = createStorage()
    const { page, isStored, isRestored } = createPage()
    const first = claim(storage, page)
    await first.settled()
    isStored()
    const second = await settled(storage)
    second.close()
    isRestored()
    await first.settled()
    for (const { onCopy } of [first, second]) expect(onCopy).not.toHaveBeenCalled()
    expect((await settled(createStorage(storage))).onCopy).toHaveBeenCalledOnce()
  })

  test('a page that returns while a copy has its id becomes the copy', async () => {
    const storage = createStorage()
    const { page, isStored, isRestored } = createPage()
    const first = claim(storage, page)
    await first.settled()
    isStored()
    const copied = createStorage(storage)
    expect((await settled(copied)).onCopy).not.toHaveBeenCalled()
    isRestored()
    await first.settled()
    expect(first.onCopy).toHaveBeenCalledOnce()
  })

  test('no caller waits forever if the page enters the back-forward cache before the decision', async () => {
    const storage = createStorage()
    await settled(storage)
    const { page, isStored, isRestored } = createPage()
    const second = claim(createStorage(storage), page)
    const waiting = second.settled()
    isStored()
    isRestored()
    await waiting
    expect(second.onCopy).toHaveBeenCalledOnce()
  })
})

describe('if the browser refuses Web Locks', () => {
  beforeEach(() => {
    vi.spyOn(navigator.locks, 'request').mockRejectedValue(new DOMException('no', 'SecurityError'))
  })

  test('a page without proof of its tab is a copy', async () => {
    const storage = createStorage()
    const first = await settled(storage)
    expect(first.onCopy).not.toHaveBeenCalled()
    expect((await settled(createStorage(storage))).onCopy).toHaveBeenCalledOnce()
    first.close()
    expect((await settled(storage)).onCopy).toHaveBeenCalledOnce()
  })

  test('clients of one page still find each other', async () => {
    const storage = createStorage()
    await settled(storage)
    expect((await settled(storage)).onCopy).not.toHaveBeenCalled()
  })

  test('a reload creates no copy', async () => {
    const storage = createStorage()
    const first = await settled(storage)
    first.close()
    vi.spyOn(performance, 'getEntriesByType').mockReturnValue([
      { type: 'reload' } as unknown as PerformanceEntry,
    ])
    expect((await settled(storage)).onCopy).not.toHaveBeenCalled()
  })
})
