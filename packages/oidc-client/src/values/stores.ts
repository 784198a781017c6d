import type * as Original from 'oidc-client-ts'

/** A `Storage` that ends with the page. */
class MemoryStorage {
  readonly #items = new Map<string, string>()

  get length(): number {
    return this.#items.size
  }

  clear(): void {
    this.#items.clear()
  }

  getItem(key: string): string | undefined {
    return this.#items.get(key)
  }

  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }

  removeItem(key: string): void {
    this.#items.delete(key)
  }

  key(index: number): string | undefined {
    return [...this.#items.keys()][index]
  }
}

/** A `StateStore` over a `Storage`. */
class PrefixedStore {
  readonly #prefix: string
  readonly #store: Storage | Original.AsyncStorage

  constructor({
    prefix = 'oidc.',
    store = localStorage,
  }: ConstructorParameters<typeof Original.WebStorageStateStore>[0] = {}) {
    this.#prefix = prefix
    this.#store = store
  }

  async set(key: string, value: string): Promise<void> {
    await this.#store.setItem(this.#prefix + key, value)
  }

  async get(key: string): Promise<string | null> {
    return this.#store.getItem(this.#prefix + key)
  }

  async remove(key: string): Promise<string | null> {
    const value = await this.get(key)
    await this.#store.removeItem(this.#prefix + key)
    return value
  }

  async getAllKeys(): Promise<string[]> {
    const length = await this.#store.length
    const keys: string[] = []
    for (let index = 0; index < length; index++) {
      const key = await this.#store.key(index)
      if (key?.startsWith(this.#prefix)) keys.push(key.slice(this.#prefix.length))
    }
    return keys
  }

  /** The kind of the storage below a store: the place of the user. `undefined` for a store of the app's own. */
  static placeOf(store: unknown): Place | undefined {
    if (!(store instanceof PrefixedStore)) return undefined
    const below: unknown = store.#store
    if (below instanceof MemoryStorage) return 'memory'
    if (typeof window === 'undefined') return undefined
    if (below === window.localStorage) return 'indexeddb'
    return below === window.sessionStorage ? 'session' : undefined
  }

  /** The prefix of the keys of a store. `undefined` for a store of the app's own. */
  static prefixOf(store: unknown): string | undefined {
    return store instanceof PrefixedStore ? store.#prefix : undefined
  }
}

/** The location of Carnet's cache that lives as long as a storage does. */
export type Place = 'indexeddb' | 'session' | 'memory'

export const { placeOf, prefixOf } = PrefixedStore

export const InMemoryWebStorage = MemoryStorage as unknown as typeof Original.InMemoryWebStorage
export type InMemoryWebStorage = Original.InMemoryWebStorage
export const WebStorageStateStore = PrefixedStore as unknown as typeof Original.WebStorageStateStore
export type WebStorageStateStore = Original.WebStorageStateStore

/** Creates the store for an omitted setting: of the page, or in memory where there is no page. */
export const defaultStore = (name: 'localStorage' | 'sessionStorage'): Original.StateStore =>
  new WebStorageStateStore({
    store: typeof window === 'undefined' ? new InMemoryWebStorage() : window[name],
  })
