import type { Account } from '@carnet/browser'

/** What to call somebody; with the username where another of `others` is called the same. */
export function accountName(account: Account, others: readonly Account[] = []): string {
  const { name, username } = account
  if (name === undefined) return username
  return others.filter((other) => other.name === name).length > 1 ? `${name} (${username})` : name
}
