import {
  createAccountList,
  createEmitter,
  createTokenMirror,
  legacyPartition,
  oidcDialect,
} from '@carnet/core/base'
import type { AuthClient } from './auth-client.ts'
import { openFirstReads } from './cache/first-reads.ts'
import { createPageReads, type PageReads } from './cache/page-reads.ts'
import { type Client, createClient } from './client.ts'
import type { AuthEvents } from './events.ts'
import { firstConfig } from './first-config.ts'
import { type FirstPage, firstPage } from './first-page.ts'
import type { Arrival } from './interaction/arrivals.ts'
import { AWAITED } from './interaction/awaited.ts'
import { FRAME_NAME } from './interaction/frame-name.ts'
import { findResponse, type ResponseInUrl } from './interaction/response-url.ts'
import { ANY_MARK, kindOfState } from './interaction/state.ts'
import { stayInert } from './interaction/stay-inert.ts'
import { loaded } from './loaded.ts'
import type { AuthClientOptions, FirstConfig } from './options.ts'
import { arePlain } from './plain-options.ts'
import type { AuthenticationResult } from './result.ts'
import { sharedOnPage, shareOnPage } from './shared-on-page.ts'
import type { Shell } from './shell.ts'
import { createSnapshots } from './snapshot.ts'
import { openTabChannel, type TabChannel } from './tabs/channel.ts'

/**
 * Creates the client of this page: opens the cache, reads who is signed in, and completes the
 * authorization response in the address if there is one. The response is out of the address before
 * anything waits. Create the client before the router of the app starts.
 *
 * In the popup or the hidden frame of a flow, the response is handed to the page that waits for it, and
 * the promise does not settle: the app must not start there.
 *
 * @throws AuthError where the options are wrong (`invalid_options`), where there is no page
 * (`unsupported_environment`) or none that can sign in (`insecure_context`), or where the response in the address
 * could not be completed. The address is clean then, and what was held is held: call again.
 */
export async function createAuthClient(options: AuthClientOptions): Promise<AuthClient> {
  const page = firstPage()
  const unchecked = configOf(options, page)
  const mark = unchecked?.mark ?? ANY_MARK
  const response = takeResponse(page, mark, unchecked)
  const config = configFor(options, page, unchecked)
  const arrived = sharedOnPage('arrival1', mark) as Arrival | undefined
  const starting = start(page, config, response, arrived)
  if (response) {
    const result = starting.then((auth) => auth.redirectResult)
    const arrival: Arrival = { result, atMs: performance.now(), by: createAuthClient }
    shareOnPage('arrival1', mark, arrival)
    const end = () => {
      arrival.isOver = true
    }
    result.then(end, end)
  }
  return starting
}

async function start(
  page: FirstPage,
  checked: Promise<FirstConfig>,
  response: ResponseInUrl | undefined,
  arrival: Arrival | undefined,
): Promise<AuthClient> {
  const wasOver = arrival?.isOver
  const config = await checked
  if (response) return receive(config, page, response)
  if (isOurFrame(page)) await stayInert()
  // A response that another client of the page completes is in the store when that is done.
  const result = arrival && (await resultOf(arrival, wasOver))
  return open(config, page, (_, read) => read.then(() => result))
}

async function resultOf(arrival: Arrival, wasOver: unknown) {
  const arrivals = await loaded(import('./interaction/arrivals.ts'))
  return arrivals.resultOf(arrival, wasOver, createAuthClient)
}

const isOurFrame = (page: FirstPage) => page.frameName() === FRAME_NAME

async function configFor(
  options: AuthClientOptions,
  page: FirstPage,
  unchecked: FirstConfig | undefined,
): Promise<FirstConfig> {
  if (unchecked && arePlain(options)) return unchecked
  const { checkedConfig } = await loaded(import('./checked-config.ts'))
  return checkedConfig(options, page.origin)
}

/** The options with their defaults, right or wrong. */
function configOf(options: AuthClientOptions, page: FirstPage): FirstConfig | undefined {
  try {
    return firstConfig(options, page.origin)
  } catch {
    return undefined // What is wrong is told later.
  }
}

/** Takes the response out of the address, whether the options turn out to be right or not. */
function takeResponse(
  page: FirstPage,
  mark: string,
  config: FirstConfig | undefined,
): ResponseInUrl | undefined {
  const href = page.href()
  // Other pages need not read the storage of the tab, which takes time.
  if (!/[?#&](code|error|state|access_token|id_token)=/.test(href) && !window.opener)
    return undefined
  const response = findResponse(href, mark, config && awaitedHere(page, config))
  if (!response) return undefined
  page.tabNote(AWAITED, 'removed')
  if (!response.isForeign || response.isUnusable) page.replaceUrl(response.cleanUrl)
  return response
}

/** The `state` of the response that this tab waits for, if this is the page where it would arrive. */
function awaitedHere(page: FirstPage, { mark, redirectUri }: FirstConfig): string | undefined {
  const state = page.frameName() === undefined ? page.tabNote(AWAITED) : undefined
  const kind = kindOfState(state ?? '')
  const isHere = new URL(redirectUri).pathname === new URL(page.href()).pathname
  const isMeant = kind === 'signOut' || (isHere && (kind === 'popup' || state?.startsWith(mark)))
  return isMeant ? state : undefined
}

async function receive(
  config: FirstConfig,
  page: FirstPage,
  response: ResponseInUrl,
): Promise<AuthClient> {
  // The code is redeemed in a moment, here or in the page that waits.
  page.preconnect(config.authority)
  const isDoneWith = response.kind !== 'redirect' && (await finish(response, page))
  return open(config, page, async ({ engine }, read) =>
    isDoneWith || response.isForeign
      ? read.then(() => null)
      : (await engine()).complete(response, read),
  )
}

/** Opens a client, and hands it out with what it comes to. One that comes to nothing leaves nothing behind. */
async function open(
  config: FirstConfig,
  page: FirstPage,
  comeTo: (client: Client, read: Promise<void>) => Promise<AuthenticationResult | null | undefined>,
): Promise<AuthClient> {
  const { client, read } = openClient(config, page)
  try {
    return client.handOut(await comeTo(client, read))
  } catch (error) {
    client.auth.close()
    throw error
  }
}

async function finish(response: ResponseInUrl, page: FirstPage): Promise<boolean> {
  const { finishElsewhere } = await loaded(import('./interaction/finish-elsewhere.ts'))
  return finishElsewhere(response, page.frameName() !== undefined)
}

/** A client that begins to read its cache. */
interface Opened {
  readonly client: Client
  /** Resolves when it is known who is signed in. */
  readonly read: Promise<void>
}

/** Opens the cache, and reads who is signed in. */
function openClient(config: FirstConfig, page: FirstPage): Opened {
  const { partition, cache } = config
  const isInDatabase = cache.location === 'indexeddb' && !cache.store
  const first = isInDatabase ? openFirstReads(cache.name) : undefined
  const reads = createPageReads(first, async () => (await client.engine()).store)
  const accounts = createAccountList(partition, reads, config.tabAccount)
  const snapshots = createSnapshots(accounts)
  const events = createEmitter<AuthEvents>(
    (error) => reportError(error),
    (name, event) => {
      if (name === 'interactionStarted' || name === 'interactionEnded')
        snapshots.note(name, (event as AuthEvents[typeof name]).interaction)
    },
    (name) => name !== 'changed' && events.emit('changed', snapshots.read()),
  )
  const closing = new AbortController()
  const teller = (name: 'storageDegraded' | 'workerUnavailable') => (cause: unknown) => {
    config.log('warn', `${name}: ${cause}`)
    events.keep(name, { cause })
  }
  const shell: Shell = {
    config,
    page,
    events,
    accounts,
    snapshots,
    tokens: createTokenMirror(partition, reads),
    dialect: oidcDialect,
    first,
    channel: openChannel(config, page, (data) => client.follow((engine) => engine.hear(data))),
    closed: closing.signal,
  }
  const client: Client = createClient(shell, {
    async load() {
      const { createEngine } = await import('./engine.ts')
      stopWaking()
      reads.handOver()
      return createEngine(shell, {
        storageDegraded: teller('storageDegraded'),
        workerUnavailable: teller('workerUnavailable'),
      })
    },
    close() {
      closing.abort()
      stopWaking()
    },
  })
  // Until the engine looks after that.
  const stopWaking = page.onRestored(() => client.follow((engine) => engine.catchUp()))
  const read = readAccounts(shell, client, reads)
  read.catch(() => undefined) // Whoever waits for it hears of it.
  return { client, read }
}

async function readAccounts(shell: Shell, client: Client, reads: PageReads): Promise<void> {
  const { accounts, config, page } = shell
  await Promise.all([accounts.load(), config.profile === 'entra' && speakEntra(shell)])
  // An early version kept its accounts under other keys: the engine takes them over.
  if (!accounts.list()[0] && (await reads.find('accounts', legacyPartition(config.clientId)))[0])
    await (await client.engine()).catchUp()
  config.tabAccount?.settle()
  if (page.frameName() !== undefined && page.href().includes('sid='))
    await (await client.engine()).endFramedSession()
}

async function speakEntra(shell: Shell): Promise<void> {
  const { entraDialect, withTenantProfiles } = await loaded(import('@carnet/core/entra'))
  shell.dialect = entraDialect
  shell.accounts.profileBy(withTenantProfiles)
}

/** Only tabs that share a store have anything to tell each other. */
function openChannel(
  { cache, group }: FirstConfig,
  page: FirstPage,
  hear: Parameters<typeof openTabChannel>[1],
): TabChannel {
  const isShared = cache.store !== undefined || cache.location === 'indexeddb'
  return isShared
    ? openTabChannel(group, hear, page)
    : { say: () => undefined, close: () => undefined }
}
