import { decodeJwt } from 'jose'
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
  const { otherOrigin, revokedTokens } = state

  const endSome = (model: string, whom?: Whom): Ended => {
    const sub = subOf(whom, users)
    const ended = store.remove(model, ({ accountId }) => sub === undefined || accountId === sub)
    return { ended }
  }

  return {
    stats: async () => stats.snapshot(),
    async resetStats() {
      stats.reset()
      otherOrigin.reset()
    },
    settings: async () => structuredClone(settings.get()),
    async changeSettings(changes) {
      settings.change(parseSettings(changes))
      return structuredClone(settings.get())
    },
    addFault: async (request) => faults.add(parseFaultRequest(request)),
    clearFaults: async () => faults.clear('process'),
    revokeRefreshTokens: async (whom) => endSome('RefreshToken', whom),
    async revokeAccessTokens(whom) {
      const sub = subOf(whom, users)
      const tokens = issued.snapshot().accessTokens.filter((token) => isOf(token, sub))
      revokedTokens.add(tokens)
      return { ended: tokens.length }
    },
    endSessions: async (whom) => endSome('Session', whom),
    forgetGrants: async (whom) => consents.forget(subOf(whom, users)),
    issued: async () => issued.snapshot(),
    otherOrigin: async () => otherOrigin.snapshot(),
    addClient: async (client) => clients.add(parseClient(client)),
    async reset() {
      settings.reset()
      faults.clear('drop')
      stats.reset()
      issued.reset()
      otherOrigin.reset()
      revokedTokens.clear()
      store.clear()
      consents.forget()
      browsers.clear()
      calendar.clear()
    },
  }
}

/** True if the access token belongs to the user, or if no user is named. An opaque token belongs to nobody. */
function isOf(accessToken: string, sub: string | undefined): boolean {
  if (sub === undefined) return true
  try {
    const { sub: owner, preferred_username: login } = decodeJwt(accessToken)
    return owner === sub || login === sub
  } catch {
    return false
  }
}
