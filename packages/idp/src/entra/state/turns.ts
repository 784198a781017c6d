import { randomUUID } from 'node:crypto'
import type { AnswerFault } from '../../model/faults.ts'
import type { AuthorizationRequest } from '../requests/authorization-request.ts'

/** An authorization request on its way through the pages. */
export interface Turn {
  readonly id: string
  readonly request: AuthorizationRequest
  /** The fault that had arrived with the request, for the redirect at the end. */
  readonly fault: AnswerFault | undefined
  /** Who has signed in or was picked on these pages. */
  readonly username?: string
  /** "Use another account" was pressed. */
  readonly wantsAnother?: boolean
  readonly hasConsented?: boolean
}

/** One entry per request, so that parallel sign-ins never meet. */
export interface Turns {
  begin(request: AuthorizationRequest, fault: AnswerFault | undefined): Turn
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
