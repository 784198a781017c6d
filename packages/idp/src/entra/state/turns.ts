import { randomUUID } from 'node:crypto'
import type { ResponseFault } from '../../model/faults.ts'
import type { AuthorizationRequest } from '../requests/authorization-request.ts'

/** An authorization request during its sequence of pages. */
export interface Turn {
  readonly id: string
  readonly request: AuthorizationRequest
  /** The fault of the request. It applies to the redirect at the end. */
  readonly fault: ResponseFault | undefined
  /** The code of a device that waits for these pages (RFC 8628). */
  readonly userCode?: string
  /** The user who signed in or was chosen on these pages. */
  readonly username?: string
  /** True after the user pressed "Use another account". */
  readonly wantsAnother?: boolean
  readonly hasConsented?: boolean
}

/** One entry per request, so that parallel sign-ins do not affect each other. */
export interface Turns {
  begin(request: AuthorizationRequest, fault: ResponseFault | undefined): Turn
  find(id: string): Turn | undefined
  save(turn: Turn): void
  end(id: string): void
  clear(): void
}

export function createTurns(): Turns {
  const turns = new Map<string, Turn>()
  return {
    begin: (request, fault) => ({ id: randomUUID(), request, fault }),
    find: (id) => turns.get(id),
    save: (turn) => void turns.set(turn.id, turn),
    end: (id) => void turns.delete(id),
    clear: () => turns.clear(),
  }
}
