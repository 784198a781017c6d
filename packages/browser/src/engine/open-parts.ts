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
  readonly context: Context
  readonly follower: TabSync
  readonly provider: Provider
  /** The interactions with the user. */
  readonly flows: Lazy<Flows>
  readonly signOut: Lazy<SignOut>
  readonly removeAccount: RemoveAccount
  readonly renewer: Renewer
  readonly forecaster: ReturnType<typeof createForecaster>
  readonly silent: ReturnType<typeof createSilent>
  /** Acquires the token of a query without the user. */
  readonly acquire: Acquire
  /** Counts work, so that the store stays open until its end. */
  readonly work: ReturnType<typeof createInFlight>
}

/** Opens the store of a client, and creates the parts of its engine. */
export async function openParts(started: StartContext, dialect: ProviderDialect): Promise<Parts> {
  const { context, follower, adopting } = await openContext(started, dialect)
  const { config, accounts } = context
  const provider = createProvider(context, {
    reloadAccounts: follower.reloadAccounts,
    askInFrame: async (...request) => (await flows.get()).askInFrame(...request),
  })
  const flows = lazily(async () => {
    const { createFlows } = await loaded(import('../flows/interaction/create-flows.ts'))
    const { resync } = follower
    return createFlows(context, { ...provider, resync })
  })
  const removeAccount = createRemoveAccount(context)
  const signOut = lazily(async () => {
    const loading = loaded(import('../flows/sign-out/open-sign-out.ts'))
    const [{ openSignOut }, { shared }] = await Promise.all([loading, flows.get()])
    return openSignOut(context, provider, shared, { revoke: provider.revoke, removeAccount })
  })
  // The sign-in comes next.
  if (accounts.list().length === 0) {
    provider.metadataOf(config.authority).catch(() => undefined)
    flows.get().catch(() => undefined)
  }
  if (await adopting) void follower.resync()
  const work = createInFlight()
  const { track } = work
  const acquireToken = createAcquire(context, provider)
  const acquire: Acquire = (query, options) =>
    track(acquireToken(query, { trace: context.trace.begin(), ...options }))
  const renewer = createRenewer(context, acquire)
  context.announce.onAcquired(renewer.used)
  const forecaster = createForecaster(context, provider)
  const sources = lazily(async () => {
    const { createFromSources } = await loaded(import('../tokens/from-sources.ts'))
    return createFromSources(context, provider)
  })
  const ask = createSilent(context, {
    acquire,
    renewer,
    settled: follower.whenSettled,
    fromSources: async (...asked) => (await sources.get())(...asked),
  })
  const silent: typeof ask = (request) => track(ask(request))
  return {
    ...{ context, follower, provider, flows, signOut, removeAccount },
    ...{ renewer, forecaster, acquire, silent, work },
  }
}
