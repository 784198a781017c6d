import { createEmitter } from '@carnet/core/base'
import type { AuthEvents } from '../api/events.ts'
import type { Snapshot } from '../api/snapshot.ts'
import type { Context } from '../context/context.ts'
import type { RemoveAccount } from '../context/remove-account.ts'
import { createProvider } from '../engine/provider.ts'
import { createFlows, type Flows } from '../flows/interaction/create-flows.ts'
import { openSignOut } from '../flows/sign-out/open-sign-out.ts'

const SIGNED_OUT: Snapshot = {
  status: 'signedOut',
  account: null,
  accounts: [],
  interaction: null,
  error: null,
}

/** The requests of a client to its provider with and without the user, as one object for tests without a page. */
export function createNetwork(runtime: Context, reloadAccounts: () => Promise<void>) {
  const provider = createProvider(runtime, {
    reloadAccounts,
    askInFrame: (...request) => flows.askInFrame(...request),
  })
  const flows: Flows = createFlows(runtime, {
    ...provider,
    events: createEmitter<AuthEvents>((error) => {
      throw error
    }),
    snapshots: { read: () => SIGNED_OUT, note: () => undefined, publish: () => undefined },
    closed: new AbortController().signal,
    resync: async () => undefined,
  })
  const signOutBy = (removeAccount: RemoveAccount) =>
    openSignOut(runtime, provider, flows.shared, { revoke: provider.revoke, removeAccount })
  return { ...provider, ...flows.flow, askInFrame: flows.askInFrame, signOutBy }
}

export type Network = ReturnType<typeof createNetwork>
