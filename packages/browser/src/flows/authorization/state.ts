import type { ResponseKind } from '../../startup/response.ts'
import { KINDS } from './kinds.ts'

/** The form of Carnet's `state`: it names the client (several may share a page) and the kind of interaction. */
const STATE = /^carnet-[0-9a-f]{8}-([rpioe])\./

export const isCarnetState = (state: string) => STATE.test(state)

/**
 * The kind of interaction that a `state` announces. The `state` comes from the address, so it may be forged. The kind says
 * only which page to ask. The transaction says what may be done.
 */
export function kindOfState(state: string): ResponseKind | undefined {
  const letter = STATE.exec(state)?.[1]
  const kinds = Object.keys(KINDS) as ResponseKind[]
  return kinds.find((kind) => KINDS[kind].letter === letter)
}

/** Creates a `state` (RFC 6749 section 4.1.1). It names the waiting client and the kind of the request. */
export const createState = (mark: string, kind: ResponseKind, randomId: string) =>
  `${mark}${KINDS[kind].letter}.${randomId}`
