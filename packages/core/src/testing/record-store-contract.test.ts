import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RecordStore } from '../records/record-store.ts'
import { recordStoreContract } from './record-store-contract.ts'

/** Which cases a store fails that does all but one thing as the one in memory does. */
async function failuresWith(
  change: (store: RecordStore) => Partial<RecordStore>,
): Promise<string[]> {
  const cases = recordStoreContract(() => {
    const store = createMemoryStore()
    return { ...store, ...change(store) }
  })
  const outcomes = await Promise.allSettled(cases.map(({ run }) => run()))
  return cases.filter((_, index) => outcomes[index]?.status === 'rejected').map(({ name }) => name)
}

describe('the contract of a store', () => {
  test('is kept by the store in memory', async () => {
    expect(await failuresWith(() => ({}))).toEqual([])
  })

  test.each<[string, (store: RecordStore) => Partial<RecordStore>, string]>([
    ['forgets', () => ({ write: async () => true }), 'gives back by key'],
    ['knows no tags', () => ({ find: async () => [] }), 'finds by each tag'],
    ['does not take', ({ get }) => ({ take: get }), 'gives a record to one of many'],
    ['ignores conditions', ({ write }) => ({ write: (changes) => write(changes) }), 'writes where'],
    ['never prunes', () => ({ prune: async () => undefined }), 'prunes'],
    [
      'deletes last',
      ({ write }) => ({
        write: (changes, onlyIf) =>
          write(
            [...changes].sort((a) => (a.type === 'put' ? -1 : 1)),
            onlyIf,
          ),
      }),
      'applies changes in their order',
    ],
    [
      'keeps JSON only',
      ({ get }) => ({
        get: async (...name) =>
          JSON.parse(JSON.stringify((await get(...name)) ?? null)) ?? undefined,
      }),
      'gives back bytes',
    ],
  ])('is broken by a store that %s', async (_what, change, name) => {
    const failures = await failuresWith(change)
    expect(failures.some((failure) => failure.startsWith(name))).toBe(true)
  })
})
