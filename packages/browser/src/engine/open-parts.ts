import type { ProviderDialect } from '@carnet/core'
import type { Context } from '../context/context.ts'
import { createInFlight } from '../context/in-flight.ts'
import { createRemoveAccount, type RemoveAccount } from '../context/remove-account.ts'
import type { Flows } from '../flows/interaction/create-flows.ts'
import type { SignOut } from '../flows/sign-out/sign-out.ts'
import { type Lazy, lazily } from '../platform/lazily.ts'
import { loaded } from '../startup/page/loaded.ts'
import type { StartContext } from '../startup/start-context.ts'
import type { TabSync } from '../tabs/tab-sync.ts'
import { createForecaster } from '../tokens/forecaster.ts'
import { createRenewer, type Renewer } from '../tokens/renewer.ts'
import { type Acquire, createAcquire, createSilent } from '../tokens/silent.ts'
import { openContext } from './open-context.ts'
import { createProvider, type Provider } from './provider.ts'

/** The parts of an engine. */
export interface Parts {
  readonly shell: StartContext
  readonly runtime: Context
  readonly follower: TabSync
  readonly provider: Provider
  /** The interactions with the user. */
  readonly flows: Lazy<Flows>
  readonly signOut: Lazy<SignOut>
  readonly removeAccount: RemoveAccount
  readonly renewer: Renewer
  readonly forecaster: ReturnType<typeof createForecaster>
  readonly silent: ReturnType<typeof createSilent>
  /** Counts work, so that the store stays open until its end. */
  readonly work: ReturnType<typeof createInFlight>
}

/** Opens the store of a client, and creates the parts of its engine. */
export async function openParts(shell: StartContext, dialect: ProviderDialect): Promise<Parts> {
  const { events, snapshots, closed } = shell
  const { runtime, follower, adopting } = await openContext(shell, dialect)
  const { config, accounts } = runtime
  const provider = createProvider(runtime, {
    reloadAccounts: follower.reloadAccounts,
    askInFrame: async (...request) => (await flows.get()).askInFrame(...request),
  })
  const flows = lazily(async () => {
    const { createFlows } = await loaded(import('../flows/interaction/create-flows.ts'))
    const { resync } = follower
    return createFlows(runtime, { ...provider, events, snapshots, closed, resync })
  })
  const removeAccount = createRemoveAccount(runtime, events)
  const signOut = lazily(async () => {
    const loading = loaded(import('../flows/sign-out/open-sign-out.ts'))
    const [{ openSignOut }, { shared }] = await Promise.all([loading, flows.get()])
    return openSignOut(runtime, provider, shared, { revoke: provider.revoke, removeAccount })
  })
  // The sign-in comes next.
  if (accounts.list().length === 0) {
    provider.metadataOf(config.authority).catch(() => undefined)
    flows.get().catch(() => undefined)
  }
  if (await adopting) void follower.resync()
  const work = createInFlight()
  const { track } = work
  const acquireToken = createAcquire(runtime, provider)
  const acquire: Acquire = (query, options) =>
    track(acquireToken(query, { trace: runtime.trace.begin(), ...options }))
  const renewer = createRenewer(runtime, acquire)
  runtime.announce.onAcquired(renewer.used)
  const forecaster = createForecaster(runtime, events, provider)
  const ask = createSilent(runtime, { acquire, renewer, settled: follower.whenSettled })
  const silent: typeof ask = (request) => track(ask(request))
  return {
    ...{ shell, runtime, follower, provider, flows, signOut, removeAccount },
    ...{ renewer, forecaster, silent, work },
  }
}
