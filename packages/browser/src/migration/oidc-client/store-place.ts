/** The users in a store of the app's own. Loads only if the app names one. */
import type { OidcUserStore } from '../migrate-oidc-client.ts'
import { type Place, webStorage } from '../places.ts'

/** A store of the app, as a place that holds the entries of the client only. */
export interface StorePlace extends Place {
  /** Reads the entries again: another tab may have moved them. */
  reload(): Promise<void>
  /** Waits until the store has removed the entries. */
  settle(): Promise<void>
}

/**
 * Reads the entries of a store. The notes of a migration stay in web storage, because the entries of the store belong to the app.
 *
 * @param keys The keys of the users of this client.
 */
export async function openStorePlace(
  store: OidcUserStore,
  keys: readonly string[],
): Promise<StorePlace> {
  const entries = new Map<string, string>()
  const removals: Promise<unknown>[] = []
  const notes = webStorage().at(-1)

  async function reload(): Promise<void> {
    for (const key of keys) {
      const text = await store.get(key)
      if (text) entries.set(key, text)
      else entries.delete(key)
    }
  }

  await reload()
  return {
    reload,
    async settle() {
      await Promise.all(removals)
    },
    get length() {
      return entries.size
    },
    key: (at) => [...entries.keys()][at] ?? null,
    getItem: (key) =>
      keys.includes(key) ? (entries.get(key) ?? null) : (notes?.getItem(key) ?? null),
    setItem: (key, value) => notes?.setItem(key, value),
    removeItem(key) {
      if (!keys.includes(key)) return notes?.removeItem(key)
      entries.delete(key)
      removals.push(store.remove(key))
    },
  }
}
