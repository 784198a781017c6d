import { createMemoryStore, type RecordStore } from '@carnet/core'
import { recordStoreContract } from '@carnet/core/testing'
import { describe, test } from 'vitest'
import { openDatabase } from './idb-database.ts'
import { createIndexedDbStore } from './indexeddb-store.ts'
import { createResilientStore } from './resilient-store.ts'
import { createSealedStore } from './sealed-store.ts'
import { sealingKey } from './sealing-key.ts'
import { createSessionStore } from './session-store.ts'

const uniqueName = () => `test-${crypto.randomUUID()}`

function openSealed(): RecordStore {
  const opening = openDatabase(uniqueName(), () => undefined)
  return createSealedStore(createIndexedDbStore(opening), sealingKey(opening))
}

const STORES: readonly [string, () => RecordStore][] = [
  ['memory', createMemoryStore],
  ['session', () => createSessionStore(sessionStorage, uniqueName())],
  ['IndexedDB', () => createIndexedDbStore(openDatabase(uniqueName(), () => undefined))],
]

describe.each(STORES)('the %s store', (_name, open) => {
  for (const { name, run } of recordStoreContract(open)) test(name, run)
})

/** The stores that wrap another store meet the contract, except for bytes: a seal contains JSON. */
const WRAPPED: readonly [string, () => RecordStore][] = [
  ['sealed', openSealed],
  ['resilient', () => createResilientStore(openSealed, () => undefined)],
]

describe.each(WRAPPED)('the %s store', (_name, open) => {
  for (const { name, run } of recordStoreContract(open))
    if (!name.startsWith('returns bytes')) test(name, run)
})
