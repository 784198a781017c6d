import type { StoredRecord } from '@carnet/core'
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import { createTabTransactions } from './tab-transactions.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const LATER_MS = NOW_MS + 60_000

const recordOf = (
  key: string,
  value: unknown = { codeVerifier: 's3cret-verifier' },
): StoredRecord => ({
  key,
  tags: [],
  expiresAtMs: LATER_MS,
  value,
})
const withoutStore = () => createTabTransactions(() => true)
const withStore = () => createTabTransactions(() => false)
const stored = () => JSON.stringify({ ...sessionStorage })

beforeEach(() => sessionStorage.clear())

test('the next page takes a copy that was saved without a store, once, and no data remains', async () => {
  expect(await withoutStore().save(recordOf('spa|state-1'), NOW_MS)).toBe(true)
  expect(await withoutStore().take('spa|state-2')).toBeUndefined()
  expect(await withoutStore().take('spa|state-1')).toEqual({ codeVerifier: 's3cret-verifier' })
  expect(await withoutStore().take('spa|state-1')).toBeUndefined()
  expect(sessionStorage).toHaveLength(0)
})

test('of two concurrent calls of take, only one gets it', async () => {
  await withoutStore().save(recordOf('spa|state-1'), NOW_MS)
  const taken = await Promise.all([1, 2, 3].map(() => withoutStore().take('spa|state-1')))
  expect(taken.filter((value) => value !== undefined)).toHaveLength(1)
})

test('storage contains neither the value nor the state, in any encoding', async () => {
  const key = 'spa|carnet-12345678-r.state-1'
  await withoutStore().save(recordOf(key), NOW_MS)
  const text =
    stored() +
    Object.values(sessionStorage)
      .map((one) => atobOrNothing(one))
      .join()
  for (const secret of ['s3cret-verifier', 'state-1', btoa('s3cret-verifier'), btoa(key)])
    expect(text).not.toContain(secret)
})
const atobOrNothing = (text: string) => {
  const { data } = JSON.parse(text) as { data: string }
  return atob(data)
}

test('every value is restored unchanged, for any state', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), fc.jsonValue(), async (key, value) => {
      await withoutStore().save(recordOf(key, value), NOW_MS)
      expect(JSON.stringify(await withoutStore().take(key))).toBe(JSON.stringify(value))
    }),
    { numRuns: 50 },
  )
})

describe('next to a store that works', () => {
  test('the store decides: a copy does not prove that the transaction is still available', async () => {
    expect(await withStore().save(recordOf('spa|state-1'), NOW_MS)).toBe(true)
    expect(await withStore().take('spa|state-1')).toBeUndefined()
    expect(sessionStorage).toHaveLength(0)
  })

  test('the copy counts if the store fails afterwards', async () => {
    await withStore().save(recordOf('spa|state-1'), NOW_MS)
    expect(await withoutStore().take('spa|state-1')).toBeDefined()
  })

  test('the copy counts if the store failed at the navigation', async () => {
    await withoutStore().save(recordOf('spa|state-1'), NOW_MS)
    expect(await withStore().take('spa|state-1')).toBeDefined()
  })
})

describe('values of other scripts', () => {
  test.each(['', 'null', '{}', '[]', '{"iv":"!","data":"!"}', '{"iv":"AAAA","data":"AAAA"}'])(
    '%s cannot be decrypted',
    async (text) => {
      await withoutStore().save(recordOf('spa|state-1'), NOW_MS)
      sessionStorage.setItem(sessionStorage.key(0) ?? '', text)
      expect(await withoutStore().take('spa|state-1')).toBeUndefined()
    },
  )

  test('a copy under another name cannot be decrypted', async () => {
    await withoutStore().save(recordOf('spa|state-1'), NOW_MS)
    const [mine = ''] = Object.keys(sessionStorage)
    const text = sessionStorage.getItem(mine) ?? ''
    await withoutStore().save(recordOf('spa|state-2'), NOW_MS)
    for (const name of Object.keys(sessionStorage)) sessionStorage.setItem(name, text)
    expect(await withoutStore().take('spa|state-2')).toBeUndefined()
  })
})

test('saving a copy deletes only expired copies', async () => {
  sessionStorage.setItem('of-the-app', 'stays')
  await withoutStore().save(recordOf('spa|old'), NOW_MS)
  await withoutStore().save(recordOf('spa|new'), LATER_MS + 1)
  expect(Object.keys(sessionStorage)).toHaveLength(2)
  expect(sessionStorage.getItem('of-the-app')).toBe('stays')
})

test.each([
  [
    'whose storage throws',
    () => {
      throw new DOMException('forbidden', 'SecurityError')
    },
  ],
  ['without storage', () => undefined as unknown as Storage],
])('with a tab %s, only the store makes a redirect survive', async (_, storage) => {
  expect(await createTabTransactions(() => true, storage).save(recordOf('a'), NOW_MS)).toBe(false)
  expect(await createTabTransactions(() => false, storage).save(recordOf('a'), NOW_MS)).toBe(true)
  expect(await createTabTransactions(() => true, storage).take('a')).toBeUndefined()
})
