import { randomUUID } from 'node:crypto'

/** The accounts of each browser, for the account picker. A cookie identifies the browser. */
export interface Browsers {
  /** The users who signed in with this browser, latest first. */
  accountsOf(browserId: string | undefined): readonly string[]
  /** @returns The id of the browser: the given id if it is known, else a new id. */
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
