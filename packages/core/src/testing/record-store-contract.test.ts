import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RecordStore } from '../records/record-store.ts'
import { recordStoreContract } from './record-store-contract.ts'

/** The cases that fail for a store in memory with one changed method. */
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
  test('is met by the store in memory', async () => {
    expect(await failuresWith(() => ({}))).toEqual([])
  })

  test.each<[string, (store: RecordStore) => Partial<RecordStore>, string]>([
    ['stores no record', () => ({ write: async () => true }), 'returns a record by its key'],
    ['ignores tags', () => ({ find: async () => [] }), 'finds exactly the records'],
    [
      'does not delete in `take`',
      ({ get }) => ({ take: get }),
      'returns a record to only one of many',
    ],
    [
      'ignores conditions',
      ({ write }) => ({ write: (changes) => write(changes) }),
      'writes with a condition',
    ],
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
      'applies changes in order',
    ],
    [
      'keeps JSON only',
      ({ get }) => ({
        get: async (...name) =>
          JSON.parse(JSON.stringify((await get(...name)) ?? null)) ?? undefined,
      }),
      'returns bytes as bytes',
    ],
  ])('is not met by a store that %s', async (_what, change, name) => {
    const failures = await failuresWith(change)
    expect(failures.some((failure) => failure.startsWith(name))).toBe(true)
  })
})
