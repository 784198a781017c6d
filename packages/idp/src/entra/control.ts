import type { Control } from '../control/control.ts'
import { createControl } from '../control/create-control.ts'
import { subOf } from '../control/sub-of.ts'
import type { Entra } from './state/entra.ts'

/** The control operations, adapted to the sessions, codes and refresh tokens of the Entra-like provider. */
export function createEntraControl({
  codes,
  deviceCodes,
  refreshTokens,
  sessions,
  state,
  turns,
  usedAssertions,
}: Entra): Control {
  const control = createControl(state)
  return {
    ...control,
    revokeRefreshTokens: async (whom) => ({
      ended: refreshTokens.revoke(subOf(whom, state.users)),
    }),
    endSessions: async (whom) => ({ ended: sessions.end(subOf(whom, state.users)) }),
    async reset() {
      await control.reset()
      const memories = [codes, deviceCodes, refreshTokens, turns, usedAssertions]
      for (const memory of memories) memory.clear()
      sessions.end()
    },
  }
}
