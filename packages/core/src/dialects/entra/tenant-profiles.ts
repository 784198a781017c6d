import type { Account, AccountRecord } from '../../accounts/account.ts'
import type { AccountRecords } from '../../accounts/account-list.ts'
import { refreshTokenKey } from '../../accounts/refresh-token-key.ts'

type Ids = Pick<Account, 'homeAccountId' | 'tenantId'>

const isHomeTenant = ({ homeAccountId, tenantId }: Ids): boolean =>
  homeAccountId.endsWith(`.${tenantId}`)

/** True if the account belongs to another tenant than the tenant that signed it in. False if its home is unknown. */
export const isGuest = (account: Ids): boolean =>
  account.tenantId !== '' && account.homeAccountId.includes('.') && !isHomeTenant(account)

/** Adds `tenantProfiles` to each account with a tenant: all tenants that its home account is signed in to. */
export function withTenantProfiles(records: AccountRecords): AccountRecords {
  const profiled = new Map<string, AccountRecord>(records)
  for (const [key, record] of records) {
    const { account } = record
    if (account.tenantId === '') continue
    const tenantProfiles = [...records.values()]
      .map((other) => other.account)
      .filter((other) => refreshTokenKey(other) === refreshTokenKey(account))
      .map(({ tenantId, localAccountId, username, name, homeAccountId }) => ({
        tenantId,
        localAccountId,
        username,
        name,
        isHomeTenant: isHomeTenant({ homeAccountId, tenantId }),
      }))
    profiled.set(key, { ...record, account: Object.freeze({ ...account, tenantProfiles }) })
  }
  return profiled
}
