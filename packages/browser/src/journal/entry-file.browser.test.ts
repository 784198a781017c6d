import { expect, test } from 'vitest'
import { answerOf, setUp } from '../testing/journals.ts'
import { updateEntry } from './entry-file.ts'

test('a worker creates no database, and waits for none of another version', async () => {
  const database = `absent-${crypto.randomUUID()}`
  expect(await updateEntry({ database, key: 'k', keptForMs: 3_600_000 }, () => ({}))).toBe(false)
  const names = (await indexedDB.databases()).map(({ name }) => name)
  expect(names).not.toContain(database)

  await new Promise((resolve, reject) => {
    const opening = indexedDB.open(database, 7)
    opening.onerror = reject
    opening.onsuccess = () => resolve(opening.result.close())
  })
  expect(await updateEntry({ database, key: 'k', keptForMs: 3_600_000 }, () => ({}))).toBe(false)
  const versions = (await indexedDB.databases()).filter(({ name }) => name === database)
  expect(versions).toEqual([{ name: database, version: 7 }])
})

test('a worker blocks no deletion of its database, and does not create it again', async () => {
  const { database, store, journalOf } = await setUp(async () => answerOf({}))
  const place = { database, key: await journalOf().keyOf('R1'), keptForMs: 3_600_000 }
  expect(await updateEntry(place, () => ({ sentAtMs: 1, deadlineMs: 2 }))).toBe(true)
  store.close()
  await new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase(database)
    deleting.onerror = reject
    deleting.onsuccess = resolve
  })
  expect(await updateEntry(place, () => ({ sentAtMs: 3 }), true)).toBe(false)
  const names = (await indexedDB.databases()).map(({ name }) => name)
  expect(names).not.toContain(database)
})
