import type { Page } from '@playwright/test'

/** Reads the keys for DPoP in the database of the app, as an injected script would. */
export const keysInDatabase = (page: Page) =>
  page.evaluate(async () => {
    const opening = indexedDB.open('carnet')
    const database = await new Promise<IDBDatabase>((resolve, reject) => {
      opening.onsuccess = () => resolve(opening.result)
      opening.onerror = () => reject(opening.error)
    })
    const reading = database.transaction('keys').objectStore('keys').getAll()
    const found = await new Promise<{ key: string; cryptoKey: CryptoKey }[]>((resolve) => {
      reading.onsuccess = () => resolve(reading.result)
    })
    database.close()
    const keys = found.filter(({ key }) => key.startsWith('dpop|'))
    return Promise.all(
      keys.map(async ({ key, cryptoKey }) => ({
        jkt: key.split('|').at(-1) ?? '',
        /** The key as a script could send it away. */
        asText: JSON.stringify(cryptoKey),
        isExported: await crypto.subtle.exportKey('jwk', cryptoKey).then(
          () => true,
          () => false,
        ),
      })),
    )
  })

/** Deletes all keys for DPoP. */
export const losesItsKeys = (page: Page) =>
  page.evaluate(async () => {
    const opening = indexedDB.open('carnet')
    const database = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result)
    })
    const table = database.transaction('keys', 'readwrite').objectStore('keys')
    const deleting = table.delete(IDBKeyRange.bound('dpop|', 'dpop|\uffff'))
    await new Promise((resolve) => {
      deleting.onsuccess = resolve
    })
    database.close()
  })
