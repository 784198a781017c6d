import type { AccountInfo } from '@azure/msal-browser'
import type { AccountFilter } from '@azure/msal-common/browser'
import { environmentOf } from './account-info.ts'

const equalNames = (one: string | undefined, other: string) =>
  one?.toLowerCase() === other.toLowerCase()

type Check<Name extends keyof AccountFilter> = (
  account: AccountInfo,
  value: NonNullable<AccountFilter[Name]>,
) => boolean

/** The checks of the fields that are not compared as they are. */
const CHECKS: { readonly [Name in keyof AccountFilter]?: Check<Name> } = {
  username: (account, value) =>
    equalNames(account.username, value) || equalNames(account.upn, value),
  environment: (account, value) => account.environment === environmentOf({ environment: value }),
  // The home tenant, with which the home account id of Entra ends.
  realm: ({ homeAccountId, tenantId }, value) =>
    (homeAccountId.split('.')[1] ?? tenantId) === value,
  sid: ({ idTokenClaims }, value) => idTokenClaims?.sid === value,
  loginHint: ({ loginHint, username, upn }, value) => [loginHint, username, upn].includes(value),
  authorityType: (account, value) => equalNames(account.authorityType, value),
  isHomeTenant: (account, value) =>
    (account.tenantProfiles?.get(account.tenantId)?.isHomeTenant ?? false) === value,
}

/** The fields that are compared as they are. Other fields of a filter do not count. */
const PLAIN = /^(homeAccountId|localAccountId|tenantId|name|upn|nativeAccountId)$/

/** True if the account has all values of the filter. Fields without a value do not count. */
export function matches(account: AccountInfo, filter: AccountFilter): boolean {
  return Object.entries(filter).every(([name, value]) => {
    if (value === undefined || value === null || value === '') return true
    const check = CHECKS[name as keyof AccountFilter] as Check<keyof AccountFilter> | undefined
    if (check) return check(account, value as never)
    return !PLAIN.test(name) || account[name as keyof AccountInfo] === value
  })
}

/** True if no field of the filter has a value. Such a filter finds no account. */
export const isEmpty = (filter: AccountFilter): boolean =>
  Object.values(filter).every((value) => value === undefined || value === null || value === '')
