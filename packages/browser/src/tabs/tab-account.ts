import { type TabAccount, tabAccountName } from '@carnet/core'

/** The value of a tab that chose to have no active account: it does not take over the account of another tab. */
const NOBODY = ''

/**
 * Holds the active account of this tab in `sessionStorage`. So it survives a reload, and a duplicated tab starts with the same
 * account. The storage contains only the key of the account, with its ids; no token. If the browser refuses
 * `sessionStorage`, the account is in memory until the page is left.
 */
export function createTabAccount(group: string, storage = sessionStorageOf()): TabAccount {
  const name = tabAccountName(group)
  /** The fallback if `sessionStorage` is refused or was cleared. */
  let known: string | undefined
  let isSettled = false

  function keep(key: string | undefined): void {
    known = key ?? NOBODY
    tried(() => storage?.setItem(name, known ?? NOBODY))
  }

  return {
    keep,
    pick(shared) {
      // Read each time: another client of the page may have written it.
      const own = tried(() => storage?.getItem(name)) ?? known
      if (own !== undefined) return own === NOBODY ? undefined : own
      if (isSettled || shared === undefined) return undefined
      keep(shared)
      return shared
    },
    settle() {
      isSettled = true
    },
  }
}

/** With some policies, reading `sessionStorage` throws; others refuse only writes. */
function tried<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}

const sessionStorageOf = (): Pick<Storage, 'getItem' | 'setItem'> | undefined =>
  tried(() => sessionStorage)
