import type { Context } from '../context/context.ts'
import type { RemoveAccount } from '../context/remove-account.ts'
import { createProvider } from '../engine/provider.ts'
import { createFlows, type Flows } from '../flows/interaction/create-flows.ts'
import { openSignOut } from '../flows/sign-out/open-sign-out.ts'

/** The requests of a client to its provider with and without the user, as one object for tests without a page. */
export function createNetwork(context: Context, reloadAccounts: () => Promise<void>) {
  const provider = createProvider(context, {
    reloadAccounts,
    askInFrame: (...request) => flows.askInFrame(...request),
  })
  const flows: Flows = createFlows(context, {
    ...provider,
    resync: async () => undefined,
  })
  const signOutBy = (removeAccount: RemoveAccount) =>
    openSignOut(context, provider, flows.shared, { revoke: provider.revoke, removeAccount })
  return { ...provider, ...flows.flow, askInFrame: flows.askInFrame, signOutBy }
}

export type Network = ReturnType<typeof createNetwork>
