import type { BrowserContext, Page } from '@playwright/test'

/** Everything that a script, a disk image or a backup could read of the app, as one text. */
export async function everythingStored(page: Page, context: BrowserContext): Promise<string> {
  const inPage = await page.evaluate(async () => {
    const dump: unknown[] = [
      location.href,
      document.referrer,
      history.state,
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      window.name,
    ]
    for (const { name = '' } of await indexedDB.databases()) {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.onsuccess = () => resolve(opening.result)
        opening.onerror = () => reject(opening.error)
      })
      for (const table of database.objectStoreNames) {
        const records = await new Promise<unknown[]>((resolve, reject) => {
          const reading = database.transaction(table).objectStore(table).getAll()
          reading.onsuccess = () => resolve(reading.result)
          reading.onerror = () => reject(reading.error)
        })
        dump.push({ table, records })
      }
      database.close()
    }
    // Bytes are shown as the text that they would be.
    return JSON.stringify(dump, (_key, value) => {
      if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value)
      if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value as Uint8Array)
      return value
    })
  })
  return inPage + JSON.stringify(await context.cookies())
}

/** The `state` of the request that waits, as a hostile script of the same origin would find it. */
export const stateOfPending = async (page: Page): Promise<string> =>
  (await pending(page))[0]?.split('|')[1] ?? ''

/** How many requests are written down that wait. */
export const pendingCount = async (page: Page): Promise<number> => (await pending(page)).length

function pending(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const database = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('carnet')
      opening.onsuccess = () => resolve(opening.result)
    })
    const keys = await new Promise<IDBValidKey[]>((resolve) => {
      const reading = database.transaction('transactions').objectStore('transactions').getAllKeys()
      reading.onsuccess = () => resolve(reading.result)
    })
    database.close()
    return keys.map(String)
  })
}
