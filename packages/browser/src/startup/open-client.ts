import {
  type AuthorityProfile,
  createAccountList,
  createEmitter,
  createTokenMirror,
  journalTag,
  legacyPartition,
  oidcScopes,
  type ProviderDialect,
  REDEEMING,
} from '@carnet/core/base'
import type { FirstConfig } from '../api/config.ts'
import type { AuthEvents } from '../api/events.ts'
import { type FirstReads, openFirstReads } from './cache/first-reads.ts'
import { createPageReads, type PageReads } from './cache/page-reads.ts'
import { type Client, createClient } from './client.ts'
import type { FirstPage } from './page/first-page.ts'
import { loaded } from './page/loaded.ts'
import { createSnapshots } from './snapshot.ts'
import type { StartContext } from './start-context.ts'
import { openTabChannel, type TabChannel } from './tabs/channel.ts'

/** A client that is reading its cache. */
export interface Opened {
  readonly client: Client
  /** Resolves when the accounts are read. */
  readonly read: Promise<void>
  /** True if an earlier page has not finished a sign-in. */
  readonly isUnfinished: Promise<boolean>
}

/** Opens the database of the cache, if the cache is in a database. */
export const openCache = ({ cache, partition }: FirstConfig): FirstReads | undefined =>
  cache.location === 'indexeddb' && !cache.store
    ? openFirstReads(cache.name, journalTag(partition))
    : undefined

/** Opens the cache, unless `first` is open already, and starts to read the accounts. */
export function openClient(
  config: FirstConfig,
  page: FirstPage,
  first: FirstReads | undefined = openCache(config),
): Opened {
  const { partition } = config
  const reads = createPageReads(first, async () => (await client.engine()).store)
  const accounts = createAccountList(partition, reads, config.tabAccount)
  const snapshots = createSnapshots(accounts, (snapshot) => events.emit('changed', snapshot))
  const events = createEmitter<AuthEvents>(
    (error) => reportError(error),
    (name) => name !== 'changed' && snapshots.publish(),
  )
  const loading = loaded(DIALECTS[config.profile]())
  const closing = new AbortController()
  const context: StartContext = {
    config,
    page,
    events,
    accounts,
    snapshots,
    tokens: createTokenMirror(partition, reads),
    scopeRules: oidcScopes,
    first,
    channel: openChannel(config, page, (data) =>
      client.applyChange((engine) => engine.onMessage(data)),
    ),
    closed: closing.signal,
  }
  const client: Client = createClient(context, {
    async load() {
      const [engine, { dialect }] = await Promise.all([import('../engine/engine.ts'), loading])
      stopWaking()
      reads.handOver()
      return engine.createEngine(context, dialect)
    },
    close() {
      closing.abort()
      stopWaking()
    },
  })
  // Until the engine does this itself.
  const stopWaking = page.onRestored(() => client.applyChange((engine) => engine.resync()))
  const read = readAccounts(context, client, reads, loading)
  read.catch(() => undefined) // The caller that awaits `read` gets the failure.
  // A sign-in with tokens outside the database belongs to its tab.
  const isRedeeming = async () => page.tabNote(REDEEMING) !== undefined
  return { client, read, isUnfinished: first?.isUnfinished ?? isRedeeming() }
}

async function readAccounts(
  context: StartContext,
  client: Client,
  reads: PageReads,
  loading: Promise<{ dialect?: ProviderDialect }>,
): Promise<void> {
  const { accounts, config, page } = context
  const [{ dialect }] = await Promise.all([loading, accounts.load()])
  if (dialect) {
    context.scopeRules = dialect
    accounts.profileBy(dialect.withTenantProfiles)
  }
  // An early version stored its accounts under other keys: the engine moves them.
  if (!accounts.list()[0] && (await reads.find('accounts', legacyPartition(config.clientId)))[0])
    await (await client.engine()).resync()
  config.tabAccount?.settle()
  if (page.frameName() !== undefined && page.href().includes('sid='))
    await (await client.engine()).endFramedSession()
}

/** Loads a dialect. Plain OpenID Connect comes with the first chunk and the engine. */
const DIALECTS: Readonly<Record<AuthorityProfile, () => Promise<{ dialect?: ProviderDialect }>>> = {
  oidc: async () => ({}),
  entra: () => import('@carnet/core/entra'),
  auth0: () => import('@carnet/core/auth0'),
}

/** Opens the channel. Only tabs that share a store need messages. */
function openChannel(
  { cache, group }: FirstConfig,
  page: FirstPage,
  onMessage: Parameters<typeof openTabChannel>[1],
): TabChannel {
  const isShared = cache.store !== undefined || cache.location === 'indexeddb'
  return isShared
    ? openTabChannel(group, onMessage, page)
    : { post: () => undefined, close: () => undefined }
}
