/** Storage classes that `@azure/msal-browser` exports. Carnet keeps tokens in its own sealed cache, never here. */

/** A storage in memory. */
export class MemoryStorage<T> {
  readonly #values = new Map<string, T>()

  async initialize(): Promise<void> {}
  getItem = (key: string): T | null => this.#values.get(key) ?? null
  setItem(key: string, value: T): void {
    this.#values.set(key, value)
  }
  getUserData = (key: string): T | null => this.getItem(key)
  async setUserData(key: string, value: T): Promise<void> {
    this.setItem(key, value)
  }
  removeItem(key: string): void {
    this.#values.delete(key)
  }
  getKeys = (): string[] => [...this.#values.keys()]
  containsKey = (key: string): boolean => this.#values.has(key)
  clear(): void {
    this.#values.clear()
  }
  async decryptData(): Promise<object | null> {
    return null
  }
}

/** A storage of the browser. User data stays in memory, because it would be in clear there. */
class WebStorage {
  readonly #storage: () => Storage
  readonly #userData = new MemoryStorage<string>()

  constructor(storage: () => Storage) {
    this.#storage = storage
  }

  async initialize(): Promise<void> {}
  getItem = (key: string): string | null => this.#storage().getItem(key)
  setItem(key: string, value: string): void {
    this.#storage().setItem(key, value)
  }
  getUserData = (key: string): string | null => this.#userData.getItem(key)
  setUserData = (key: string, value: string): Promise<void> =>
    this.#userData.setUserData(key, value)
  removeItem(key: string): void {
    this.#userData.removeItem(key)
    this.#storage().removeItem(key)
  }
  getKeys = (): string[] => Object.keys(this.#storage())
  containsKey = (key: string): boolean => this.getItem(key) !== null
  /** Removes the user data. Other entries may belong to other code of the page. */
  clear(): void {
    this.#userData.clear()
  }
  async decryptData(): Promise<object | null> {
    return null
  }
}

export class LocalStorage extends WebStorage {
  constructor() {
    super(() => localStorage)
  }
}

export class SessionStorage extends WebStorage {
  constructor() {
    super(() => sessionStorage)
  }
}
