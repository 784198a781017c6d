import type { AccountInfo } from '@azure/msal-browser'
import type { AccountFilter } from '@azure/msal-common/browser'
import type { Account, AuthClient } from '@carnet/browser'
import { isEmpty, matches } from './account-filter.ts'
import { toAccountInfo } from './account-info.ts'

/** The ids by which an account is found again. */
export type AccountIds = Pick<AccountInfo, 'homeAccountId' | 'localAccountId' | 'tenantId'>

/** The accounts of a client, as apps of `@azure/msal-browser` see them. */
export function createAccounts(auth: () => AuthClient | undefined, isEntra: boolean) {
  /** The conversion of each account, with the ID token that it was made from. */
  const known = new WeakMap<Account, AccountInfo>()

  function infoOf(account: Account): AccountInfo {
    const idToken = auth()?.idTokenOf(account)
    const earlier = known.get(account)
    if (earlier && earlier.idToken === idToken) return { ...earlier }
    const info = toAccountInfo(account, idToken, isEntra)
    known.set(account, info)
    return { ...info }
  }

  const all = (filter?: AccountFilter): AccountInfo[] => {
    const infos = (auth()?.accounts ?? []).map(infoOf)
    return filter ? infos.filter((info) => matches(info, filter)) : infos
  }

  return {
    all,
    infoOf,

    /** The first account that fits. An empty filter finds none. */
    first: (filter: AccountFilter): AccountInfo | null =>
      isEmpty(filter) ? null : (all(filter)[0] ?? null),

    /** The account of Carnet for an account of the app, if it is signed in here. */
    find({ homeAccountId, localAccountId, tenantId }: AccountIds): Account | undefined {
      const same = (auth()?.accounts ?? []).filter(
        (account) => account.homeAccountId === homeAccountId,
      )
      return (
        same.find((account) => {
          const info = infoOf(account)
          return info.localAccountId === localAccountId && info.tenantId === tenantId
        }) ?? same.find((account) => infoOf(account).localAccountId === localAccountId)
      )
    },
  }
}

export type Accounts = ReturnType<typeof createAccounts>
