import type { BrowserContext, Page } from '@playwright/test'

/** All data of the app that a script, a disk image or a backup can read, as one text. */
export async function everythingStored(page: Page, context: BrowserContext): Promise<string> {
  const inPage = await page.evaluate(async () => {
    /** The properties that scripts added to the window, except the client of the story, which may return tokens. */
    function ownOfWindow() {
      const frame = document.body.appendChild(document.createElement('iframe'))
      const standard = new Set(Object.getOwnPropertyNames(frame.contentWindow))
      frame.remove()
      const names = Reflect.ownKeys(window).filter(
        (name) => !standard.has(String(name)) && !/^\d+$|^auth$/.test(String(name)),
      )
      return names.map((name) => [String(name), shallow(Reflect.get(window, name), 6)])
    }
    async function ofCache(name: string) {
      const requests = await (await caches.open(name)).keys()
      return [name, ...requests.map(({ url }) => url)]
    }
    function shallow(value: unknown, depth: number): unknown {
      if (!(value instanceof Object) || depth === 0) return String(value)
      const seen = value instanceof Map ? [...value] : value instanceof Set ? [...value] : value
      return Reflect.ownKeys(seen).map((key) => [
        String(key),
        shallow(Object.getOwnPropertyDescriptor(seen, key)?.value, depth - 1),
      ])
    }
    const dump: unknown[] = [
      location.href,
      document.referrer,
      history.state,
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      window.name,
      await Promise.all((await caches.keys()).map(ofCache)),
      ownOfWindow(),
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
    // Convert bytes to text, so that a search finds tokens in them.
    return JSON.stringify(dump, (_key, value) => {
      if (value instanceof ArrayBuffer) return new TextDecoder('latin1').decode(value)
      if (ArrayBuffer.isView(value)) return new TextDecoder('latin1').decode(value as Uint8Array)
      return value
    })
  })
  return inPage + JSON.stringify(await context.cookies())
}

/** The `state` of the pending authorization request, as a hostile script of the same origin would find it. */
export const stateOfPending = async (page: Page): Promise<string> =>
  (await pending(page))[0]?.split('|')[1] ?? ''

/** The number of stored pending authorization requests. */
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
