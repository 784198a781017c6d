import { type Account, createMemoryStore, type Platform, type RecordStore } from '@carnet/core'
import { createAccountList, createEmitter } from '@carnet/core/base'
import {
  createFakeEntra,
  createFakePlatform,
  createFakeProvider,
  type FakeProvider,
  jsonResponse,
} from '@carnet/core/fakes'
import type { AuthEvents } from '../api/events.ts'
import { createAnnounce } from '../context/announce.ts'
import { createContext } from '../context/create-context.ts'
import { createRemoveAccount } from '../context/remove-account.ts'
import { isRenewalMessage, parseTabMessage } from '../tabs/parse-tab-message.ts'
import { createTabSync } from '../tabs/tab-sync.ts'
import { createFromSources } from '../tokens/from-sources.ts'
import { createRenewer } from '../tokens/renewer.ts'
import { createAcquire, createSilent } from '../tokens/silent.ts'
import { createCustody } from '../worker/custody.ts'
import { fakePage, fakeStart } from './fakes.ts'
import { createNetwork } from './network.ts'
import { testConfig } from './test-config.ts'

const origin = 'https://app.example'
const TENANT = '11111111-aaaa-4aaa-8aaa-000000000001'

/** One client in one tab. `owner` names the (issuer, client) pair and the cache of its state: equal owners share state. */
export interface TabOptions {
  readonly authority: string
  readonly clientId: string
  readonly cacheName: string
  readonly owner: string
  readonly activeAccount?: 'shared' | 'tab'
}

export type Tab = ReturnType<ReturnType<typeof createOneOrigin>['openTab']>

/** The shared things of an origin. */
interface Origin {
  readonly world: ReturnType<typeof createFakePlatform>
  readonly tabs: { group: string; owner: string; onMessage: (data: unknown) => Promise<void> }[]
  readonly lockUsers: Map<string, Set<string>>
  readonly strangers: string[]
  storeOf(cacheName: string): RecordStore
  /** Counts the grants, so that no two tokens are equal. */
  nextGrant(): number
}

/** An origin with clients of several providers. It records which owners use a lock or receive a message. */
export function createOneOrigin() {
  const stores = new Map<string, RecordStore>()
  let grants = 0
  const one: Origin = {
    world: createFakePlatform(() => new Response('', { status: 404 })),
    tabs: [],
    lockUsers: new Map(),
    strangers: [],
    storeOf(cacheName) {
      const store = stores.get(cacheName) ?? createMemoryStore()
      stores.set(cacheName, store)
      return store
    },
    nextGrant() {
      grants += 1
      return grants
    },
  }
  const { storeOf, strangers, lockUsers } = one
  return { openTab: (options: TabOptions) => openTab(one, options), storeOf, strangers, lockUsers }
}

/** The provider of a tab. */
function createProviderOf(
  { world, nextGrant }: Origin,
  { authority, clientId, owner }: TabOptions,
) {
  const isEntra = authority.includes('microsoftonline')
  const entra = createFakeEntra({ now: world.now, clientId, tenant: TENANT })
  const common = createFakeEntra({ now: world.now, clientId })
  // An app may write the issuer with a slash at its end; the provider uses one spelling.
  const issuer = authority.replace(/\/$/, '')
  const plain = createFakeProvider({ now: world.now, clientId, issuer })
  const providers: FakeProvider[] = isEntra ? [entra, common] : [plain]
  for (const each of [entra, common]) each.onDiscovery = () => jsonResponse(each.metadata)
  let isDown = false
  return {
    breaks(isBroken: boolean) {
      isDown = isBroken
    },
    respond(request: Request) {
      if (isDown && request.method === 'POST')
        return new Response('', { status: 503, headers: { 'retry-after': '60' } })
      const isAsked = (each: FakeProvider) => request.url.startsWith(each.issuer)
      return (providers.find(isAsked) ?? plain).respond(request)
    },
    answer(onToken: FakeProvider['onToken']) {
      for (const each of providers) each.onToken = onToken
    },
    /** The tokens of the provider for a user. Session ids are equal at all providers. */
    tokensOf(person: string, more: Record<string, unknown>, scope: string) {
      const grant = nextGrant()
      const fields = { access_token: `${owner}#${grant}`, refresh_token: `rt ${owner}#${grant}` }
      const claims = { name: owner, sid: `session of ${person}`, ...more }
      const issued = { ...fields, scope }
      return isEntra
        ? entra.tokensFor({ uid: person, utid: TENANT }, issued, claims)
        : plain.tokens({ ...issued, id_token: plain.idToken({ sub: person, ...claims }) })
    },
  }
}

/** Opens a client on the origin. Its channel delivers messages to the other tabs. */
function openParts(
  { world, tabs, lockUsers, strangers, storeOf }: Origin,
  { authority, clientId, cacheName, owner, activeAccount }: TabOptions,
  provider: ReturnType<typeof createProviderOf>,
  onMessage: (data: unknown) => Promise<void>,
) {
  const platform: Platform = {
    ...world,
    fetch: async (input, init) => provider.respond(new Request(input, init)),
    withLock(name, work) {
      lockUsers.set(name, (lockUsers.get(name) ?? new Set()).add(owner))
      return world.withLock(name, work)
    },
  }
  const config = testConfig(
    {
      clientId,
      authority,
      cache: { name: cacheName },
      activeAccount,
      fetch: platform.fetch,
      clock: platform,
      silent: { iframe: false },
      renewal: { enabled: false },
    },
    origin,
  )
  const { partition, group } = config
  const store = {
    ...storeOf(cacheName),
    isDegraded: () => false,
    withLease: platform.withLock,
  }
  const events = createEmitter<AuthEvents>((error) => {
    throw error
  })
  const channel = {
    post(message: unknown) {
      for (const other of tabs) {
        if (other.onMessage === onMessage || other.group !== group) continue
        if (other.owner !== owner) strangers.push(`${other.owner} hears ${owner}`)
        heard.push(other.onMessage(structuredClone(message)))
      }
    },
    close: () => undefined,
  }
  const heard: Promise<void>[] = []
  const announce = createAnnounce(events, channel)
  const custody = createCustody(config, () => undefined)
  const page = fakePage(origin)
  const context = createContext({
    ...fakeStart(),
    events,
    config,
    page,
    platform,
    store,
    announce,
    custody,
    channel,
    list: createAccountList(partition, store, config.tabAccount),
  })
  return { context, events, heard, group }
}

/** Opens a tab with a client. */
function openTab(one: Origin, options: TabOptions) {
  const { owner } = options
  const provider = createProviderOf(one, options)
  const { tokensOf, answer, breaks } = provider
  const onMessage = async (data: unknown) => {
    const message = parseTabMessage(data)
    if (!message || isRenewalMessage(message)) return
    await follower.onMessage(message)
  }
  const { context, events, heard, group } = openParts(one, options, provider, onMessage)
  const { config, store, announce } = context
  const { cache, accounts, ledger } = context
  const follower = createTabSync({ accounts, cache, events, changed: announce.changed })
  const network = createNetwork(context, follower.reloadAccounts)
  const acquire = createAcquire(context, network)
  const renewer = createRenewer(context, acquire)
  const fromSources = createFromSources(context, network)
  const deps = { acquire, renewer, settled: follower.whenSettled, fromSources }
  const silent = createSilent(context, deps)
  const removeAccount = createRemoveAccount(context)
  const signOut = network.signOutBy(removeAccount)
  for (const name of ['accountAdded', 'accountRemoved', 'tokenAcquired', 'tokenRenewed'] as const)
    events.on(name, ({ account }) => {
      if (account.name !== owner) one.strangers.push(`${owner} got an event of ${account.name}`)
    })
  one.tabs.push({ group, owner, onMessage })

  /** Simulates an interaction: the user grants or denies. */
  async function interact(person: string, scopes: readonly string[], how: 'grants' | 'denies') {
    const { transaction, url } = await network.start({ scopes, correlationId: 'c' }, 'popup')
    const { state, nonce } = transaction
    const asked = new URL(url).searchParams.get('scope') ?? ''
    answer(() => jsonResponse(tokensOf(person, { nonce }, asked)))
    const code = how === 'grants' ? { code: 'c' } : { error: 'access_denied' }
    return network.complete(new URLSearchParams({ state, ...code }))
  }

  return {
    owner,
    config,
    store,
    accounts,
    events,
    interact,
    /** The page has read its accounts. */
    async starts() {
      await accounts.load()
      config.tabAccount?.settle()
    },
    removeAccount,
    signOut: (account: Account) => signOut({ account, interaction: 'none' }),
    async setActive(account: Account | undefined) {
      await store.write(accounts.activate(account))
      announce.activeAccountChanged(account)
    },
    silent(scopes: readonly string[], account: Account | undefined, forceRefresh: boolean) {
      const person = (account ?? accounts.active())?.idTokenClaims.sid
      answer((asked) => {
        const scope = asked.get('scope') ?? scopes.join(' ')
        return jsonResponse(tokensOf(String(person).replace('session of ', ''), {}, scope))
      })
      return silent({ scopes, account, forceRefresh })
    },
    consents: () => Promise.all(accounts.list().map(ledger.entries)),
    breaks,
    /** Resolves when the other tabs have applied the messages of this tab. */
    async isHeard() {
      while (heard.length > 0) await heard.shift()
    },
  }
}
