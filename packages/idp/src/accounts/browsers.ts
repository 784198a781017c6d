import { randomUUID } from 'node:crypto'

/** Who has signed in with which browser, for the account picker. A browser is known by a cookie. */
export interface Browsers {
  /** The users that have signed in with this browser, the latest first. */
  accountsOf(browserId: string | undefined): readonly string[]
  /** @returns The id of the browser: the given one if we know it, else a new one. */
  remember(browserId: string | undefined, sub: string): string
  clear(): void
}

export function createBrowsers(): Browsers {
  const accounts = new Map<string, readonly string[]>()
  const accountsOf = (browserId: string | undefined) => accounts.get(browserId ?? '') ?? []
  return {
    accountsOf,
    remember(browserId, sub) {
      const id = browserId !== undefined && accounts.has(browserId) ? browserId : randomUUID()
      accounts.set(id, [sub, ...accountsOf(id).filter((known) => known !== sub)])
      return id
    },
    clear: () => accounts.clear(),
  }
}
