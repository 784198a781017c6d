import { parseClient } from '../accounts/clients.ts'
import { parseSettings } from '../model/parse-settings.ts'
import type { State } from '../state/state.ts'
import type { Control, Ended, Whom } from './control.ts'
import { parseFaultRequest } from './parse-fault.ts'
import { subOf } from './sub-of.ts'

/** Implements the control operations on the state of one provider. */
export function createControl(state: State): Control {
  const { browsers, calendar, clients, consents, faults, issued, settings, stats, store, users } =
    state

  const endSome = (model: string, whom?: Whom): Ended => {
    const sub = subOf(whom, users)
    const ended = store.remove(model, ({ accountId }) => sub === undefined || accountId === sub)
    return { ended }
  }

  return {
    stats: async () => stats.snapshot(),
    resetStats: async () => stats.reset(),
    settings: async () => structuredClone(settings.get()),
    async changeSettings(changes) {
      settings.change(parseSettings(changes))
      return structuredClone(settings.get())
    },
    addFault: async (request) => faults.add(parseFaultRequest(request)),
    clearFaults: async () => faults.clear('process'),
    revokeRefreshTokens: async (whom) => endSome('RefreshToken', whom),
    endSessions: async (whom) => endSome('Session', whom),
    forgetGrants: async (whom) => consents.forget(subOf(whom, users)),
    issued: async () => issued.snapshot(),
    addClient: async (client) => clients.add(parseClient(client)),
    async reset() {
      settings.reset()
      faults.clear('drop')
      stats.reset()
      issued.reset()
      store.clear()
      consents.forget()
      browsers.clear()
      calendar.clear()
    },
  }
}
