import { type AccountRecord, refreshTokenKey } from './account.ts'
import type { AccountRecords } from './account-list.ts'

/** Each account with all tenants that its home account is signed in to, where the provider has tenants. */
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
        isHomeTenant: homeAccountId.endsWith(`.${tenantId}`),
      }))
    profiled.set(key, { ...record, account: Object.freeze({ ...account, tenantProfiles }) })
  }
  return profiled
}
