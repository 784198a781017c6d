import { keysOf, type Place } from '../places.ts'
import type { Entries, Entry, Unread } from './entities.ts'
import { removeFromList, type TokenList, tokenLists } from './lists.ts'

type Named = Pick<Entry<unknown>, 'place' | 'key' | 'list'>

function removeEntries(entries: readonly Named[]): void {
  for (const { place, key, list } of entries) {
    place.removeItem(key)
    removeFromList(place, list, new Set([key]))
  }
}

/**
 * Removes a user: the credentials of this client, and the account unless another client of the origin has credentials of it.
 *
 * @param others The lists of the other clients.
 */
export function removeHome(
  home: string,
  { credentials, accounts }: Pick<Entries, 'credentials' | 'accounts'>,
  others: readonly TokenList[],
): void {
  const isOfHome = ({ value }: { readonly value: { readonly homeAccountId: string } }) =>
    value.homeAccountId === home
  removeEntries(credentials.filter(isOfHome))
  // The keys of credentials contain the id of the account, some versions in lower case.
  const isUsed = others
    .flatMap(({ keys }) => keys)
    .some((key) => key.toLowerCase().includes(home.toLowerCase()))
  if (!isUsed) removeEntries(accounts.filter(isOfHome))
}

/** Removes sign-ins that are under way, and entries of the client that nobody can read. */
export function removeRest(
  clientId: string,
  places: readonly Place[],
  unread: readonly Unread[],
): void {
  const id = clientId.toLowerCase()
  removeEntries(unread.filter(({ key }) => key.toLowerCase().includes(id)))
  for (const place of places) {
    const lists = tokenLists(place)
    const isKept = lists.some((list) => list.clientId === clientId)
    const longer = lists.map((list) => `msal.${list.clientId}.`)
    const isOthers = (key: string) =>
      longer.some((name) => name.length > clientId.length + 6 && key.startsWith(name))
    for (const key of keysOf(place)) {
      const isOwn = key.startsWith(`msal.${clientId}.`) && !isOthers(key)
      const isActive = key.startsWith(`msal.${clientId}.active-account`)
      if (isOwn && !(isActive && isKept)) place.removeItem(key)
    }
    const status = 'msal.interaction.status'
    if (place.getItem(status)?.includes(clientId)) place.removeItem(status)
  }
}
