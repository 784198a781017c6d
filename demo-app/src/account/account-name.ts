import type { Account } from '@carnet/browser'

/** The display name of an account. It includes the username if another account has the same name. */
export function accountName(account: Account, others: readonly Account[] = []): string {
  const { name, username } = account
  if (name === undefined) return username
  return others.filter((other) => other.name === name).length > 1 ? `${name} (${username})` : name
}
