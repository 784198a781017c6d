import { expect, test } from 'vitest'
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
