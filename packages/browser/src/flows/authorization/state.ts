import type { ResponseKind } from '../../startup/response.ts'

/** How a `state` says its kind: by the first letter, or `o` for a sign-out in a window, `e` for one that left the page. */
const KINDS: Readonly<Record<string, ResponseKind>> = {
  r: 'redirect',
  p: 'popup',
  i: 'iframe',
  o: 'signOut',
  e: 'signOutRedirect',
}

/** Marks a `state` as one of Carnet's, names the client (several may share a page) and the kind. */
const STATE = /^carnet-[0-9a-f]{8}-([rpioe])\./

export const isCarnetState = (state: string) => STATE.test(state)

/**
 * What kind of response a `state` announces. It comes from the address and so may be forged: it only
 * says whom to ask, what may be done stands in the transaction.
 */
export function kindOfState(state: string): ResponseKind | undefined {
  const letter = STATE.exec(state)?.[1]
  return KINDS[letter ?? '']
}
