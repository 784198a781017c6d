import type { TabAccount } from '@carnet/core'

/** A tab in which nobody is active has decided so: it does not take over the account of another tab. */
const NOBODY = ''

/**
 * Keeps the active account of this tab in `sessionStorage`, so that it survives a reload and a duplicated tab starts with
 * the same account. Only the key of the account is written: no token, and no claim but its ids. If the browser refuses
 * `sessionStorage`, memory keeps it until the page is left.
 */
export function createTabAccount(group: string, storage = sessionStorageOf()): TabAccount {
  const name = `carnet.active|${group}`
  /** Used where `sessionStorage` is refused or was cleared. */
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

/** Some policies make the mere access to `sessionStorage` throw; others refuse to write. */
function tried<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch {
    return undefined
  }
}

const sessionStorageOf = (): Pick<Storage, 'getItem' | 'setItem'> | undefined =>
  tried(() => sessionStorage)
