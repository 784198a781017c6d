import { expect, test } from 'vitest'
import { openDatabase } from '../../storage/idb-database.ts'
import { COLLECTIONS, UPGRADES } from './database.ts'

const uniqueName = () => `test-${crypto.randomUUID()}`
const record = (key: string) => ({ key, tags: ['x'], expiresAtMs: 1, value: `value of ${key}` })

/** A connection, and why it was lost. */
async function open(name: string, upgrades = UPGRADES) {
  const lost: string[] = []
  const database = await openDatabase(name, (why) => lost.push(why), upgrades)
  return { database, lost }
}

/** A future version of Carnet: one more step, which changes every account. */
const NEXT: typeof UPGRADES = [
  ...UPGRADES,
  (_database, transaction) => {
    transaction?.objectStore('accounts').createIndex('later', 'later')
  },
]

test('a new database has every collection and the keys', async () => {
  const { database } = await open(uniqueName())
  expect([...database.objectStoreNames].sort()).toEqual([...COLLECTIONS, 'keys'].sort())
  expect(database.version).toBe(UPGRADES.length)
  database.close()
})

test.each(UPGRADES.map((_, index) => index + 1))(
  'records of version %i survive the upgrade to the next version',
  async (version) => {
    const name = uniqueName()
    const { database: old } = await open(name, UPGRADES.slice(0, version))
    await Promise.all(COLLECTIONS.map((collection) => old.put(collection, record(collection))))
    old.close()

    const { database } = await open(name, NEXT)
    expect(database.version).toBe(UPGRADES.length + 1)
    for (const collection of COLLECTIONS) {
      expect(await database.get(collection, collection)).toEqual(record(collection))
      expect(await database.getAllFromIndex(collection, 'tags', 'x')).toHaveLength(1)
    }
    expect([...database.transaction('accounts').store.indexNames]).toContain('later')
    database.close()
  },
)

test('a completed upgrade step does not run again', async () => {
  const name = uniqueName()
  let steps = 0
  const counted: typeof UPGRADES = [...UPGRADES, () => void steps++]
  for (let opened = 0; opened < 3; opened++) {
    const { database } = await open(name, counted)
    database.close()
  }
  expect(steps).toBe(1)
})

test('a database of a later version stays unchanged, and opening it rejects', async () => {
  const name = uniqueName()
  const { database: later } = await open(name, NEXT)
  await later.put('accounts', record('a'))
  later.close()
  await expect(open(name)).rejects.toThrow(/version/)
  const { database } = await open(name, NEXT)
  expect(await database.get('accounts', 'a')).toEqual(record('a'))
  database.close()
})

test('an older connection closes for an upgrade, and reports it', async () => {
  const name = uniqueName()
  const { database: old, lost } = await open(name)
  const { database } = await open(name, NEXT)
  expect(lost).toEqual(['another tab upgrades or deletes the database'])
  await expect(old.get('accounts', 'a')).rejects.toThrow()
  database.close()
})

test('a connection closes for the deletion of the database too', async () => {
  const name = uniqueName()
  const { lost } = await open(name)
  await new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name)
    request.onsuccess = resolve
    request.onerror = reject
  })
  expect(lost).toHaveLength(1)
})

test('an upgrade that fails leaves the database as it was', async () => {
  const name = uniqueName()
  const { database: old } = await open(name)
  await old.put('accounts', record('a'))
  old.close()
  const failing: typeof UPGRADES = [
    ...UPGRADES,
    (database, transaction) => {
      database.deleteObjectStore('accounts')
      transaction?.abort()
    },
  ]
  await expect(open(name, failing)).rejects.toThrow()
  const { database } = await open(name)
  expect(await database.get('accounts', 'a')).toEqual(record('a'))
  database.close()
})
