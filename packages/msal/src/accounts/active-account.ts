import type { AccountInfo } from '@azure/msal-browser'
import type { Accounts } from './accounts.ts'

/** The keys of `@azure/msal-browser`, from which an active account is taken over once. */
const earlierKey = (clientId: string) => `msal.${clientId}.active-account-filters`
const keyOf = (clientId: string) => `carnet.msal.${clientId}.active-account`

function storageOf(location: string): Storage | undefined {
  try {
    if (location === 'memoryStorage') return undefined
    return location === 'localStorage' ? localStorage : sessionStorage
  } catch {
    return undefined // The browser refuses storage.
  }
}

/** The ids by which the active account is found. The app may know only one of them. */
type ActiveIds = Partial<Pick<AccountInfo, 'homeAccountId' | 'localAccountId' | 'tenantId'>>

const idsOf = ({ homeAccountId, localAccountId, tenantId }: ActiveIds): ActiveIds => ({
  ...(homeAccountId !== undefined && { homeAccountId }),
  ...(localAccountId !== undefined && { localAccountId }),
  ...(tenantId !== undefined && { tenantId }),
})

function parse(text: string | null | undefined): ActiveIds | null {
  try {
    const ids: unknown = JSON.parse(text ?? 'null')
    return typeof ids === 'object' && ids ? idsOf(ids) : null
  } catch {
    return null
  }
}

/**
 * The active account, which only the app sets. Its ids are in the storage that the option `cacheLocation` names: with
 * `sessionStorage` each tab has its own, with `localStorage` all tabs share it.
 */
export function createActiveAccount(clientId: string, location: string, accounts: Accounts) {
  let inMemory: ActiveIds | null = null
  const key = keyOf(clientId)

  function ids(): ActiveIds | null {
    const stored = storageOf(location)?.getItem(key)
    return stored === undefined ? inMemory : parse(stored)
  }

  return {
    key,

    get(): AccountInfo | null {
      const active = ids()
      return active && accounts.first(active)
    },

    set(account: AccountInfo | null): void {
      inMemory = account ? idsOf(account) : null
      try {
        if (inMemory) storageOf(location)?.setItem(key, JSON.stringify(inMemory))
        else storageOf(location)?.removeItem(key)
      } catch {
        // The storage is full: the choice lasts as long as the page.
      }
    },

    /** Takes over the active account that `@azure/msal-browser` stored. Call it before its storage is cleaned. */
    takeOver(): void {
      const storage = storageOf(location)
      const earlier = storage?.getItem(earlierKey(clientId))
      const found = parse(earlier)
      if (!storage || !found || storage.getItem(key) !== null) return
      try {
        storage.setItem(key, JSON.stringify(found))
      } catch {
        // The storage is full.
      }
    },
  }
}

export type ActiveAccount = ReturnType<typeof createActiveAccount>
