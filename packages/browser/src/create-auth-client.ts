import {
  AuthError,
  createAccountList,
  createEmitter,
  createTokenMirror,
  oidcDialect,
} from '@carnet/core/base'
import type { AuthClient } from './auth-client.ts'
import { openFirstReads } from './cache/first-reads.ts'
import { createPageReads } from './cache/page-reads.ts'
import { type Client, createClient, type LateEvents } from './client.ts'
import type { AuthEvents } from './events.ts'
import { fillOptions } from './fill-options.ts'
import { type FirstPage, firstPage } from './first-page.ts'
import { arrivalOf, noteArrival } from './interaction/arrivals.ts'
import { FRAME_NAME } from './interaction/frame-name.ts'
import { findResponse, type ResponseInUrl } from './interaction/response-url.ts'
import { ANY_MARK, clientMark } from './interaction/state.ts'
import { stayInert } from './interaction/stay-inert.ts'
import { loaded } from './loaded.ts'
import type { AuthClientOptions, Config } from './options.ts'
import { arePlain } from './plain-options.ts'
import type { Shell } from './shell.ts'
import { openTabChannel, type TabChannel } from './tabs/channel.ts'

/**
 * Creates the client of this page: opens the cache, reads who is signed in, and completes the
 * authorization response in the address if there is one. The response is out of the address before
 * anything waits. Create the client before the router of the app starts.
 *
 * In the popup or the hidden frame of a flow, the response is handed to the page that waits for it, and
 * the promise does not settle: the app must not start there.
 *
 * @throws AuthError where the options are wrong (`invalid_options`) or the response in the address
 * could not be completed. The address is clean then, and what was held is held: call again.
 */
export async function createAuthClient(options: AuthClientOptions): Promise<AuthClient> {
  const page = firstPage()
  const isFramed = page.frameName() === FRAME_NAME
  const response = takeResponse(page, options, isFramed)
  const config = arePlain(options)
    ? fillOptions(options, page.origin)
    : (await loaded(import('./parse-options.ts'))).parseOptions(options, page.origin)
  if (!globalThis.crypto?.subtle)
    throw new AuthError('insecure_context', `${page.origin} is not a secure context.`)

  const mark = clientMark(config.cache.name, config.clientId)
  if (!response) {
    if (isFramed) await stayInert()
    const client = await openClient(config, page)
    client.setRedirectResult((await arrivalOf(mark)) ?? null)
    return client.auth
  }
  const opening = receive(config, page, response)
  noteArrival(
    mark,
    opening.then(({ redirectResult }) => redirectResult),
  )
  return opening
}

/** Takes the response out of the address, whether the options turn out to be right or not. */
function takeResponse(
  page: FirstPage,
  options: AuthClientOptions,
  isFramed: boolean,
): ResponseInUrl | undefined {
  if (!page.href().includes('state=')) return undefined
  let expected: Parameters<typeof findResponse>[1] = {
    redirectUri: page.origin,
    responseMode: 'fragment',
    mark: ANY_MARK,
  }
  try {
    const { cache, clientId, ...config } = fillOptions(options, page.origin)
    // No client starts in a hidden frame: the first that is made there hands over for whichever waits.
    expected = { ...config, mark: isFramed ? ANY_MARK : clientMark(cache.name, clientId) }
  } catch {
    // What is wrong is told later.
  }
  const response = findResponse(page.href(), expected)
  if (response) page.replaceUrl(response.cleanUrl)
  return response
}

async function receive(
  config: Config,
  page: FirstPage,
  response: ResponseInUrl,
): Promise<AuthClient> {
  const { finishElsewhere } = await loaded(import('./interaction/finish-elsewhere.ts'))
  const isDoneWith = await finishElsewhere(response, page.frameName() !== undefined)
  const client = await openClient(config, page)
  if (isDoneWith) return client.auth
  try {
    client.setRedirectResult(await (await client.engine()).complete(response.parameters))
    return client.auth
  } catch (error) {
    client.auth.close()
    throw error
  }
}

/** Opens the cache, and reads who is signed in. */
async function openClient(config: Config, page: FirstPage): Promise<Client> {
  const { clientId, cache, profile } = config
  const isInDatabase = cache.location === 'indexeddb' && !cache.store
  const first = isInDatabase ? openFirstReads(cache.name) : undefined
  const reads = createPageReads(first, async () => (await client.engine()).store)
  const events = createEmitter<AuthEvents>((error) => reportError(error))
  const closing = new AbortController()
  /** What happened before anybody could listen. */
  const late: LateEvents = {}
  const teller = (name: keyof LateEvents) => (cause: unknown) => {
    config.log('warn', `${name}: ${cause}`)
    late[name] = { cause }
    events.emit(name, { cause })
  }
  const shell: Shell = {
    config,
    page,
    events,
    accounts: createAccountList(clientId, reads),
    tokens: createTokenMirror(clientId, reads),
    dialect: oidcDialect,
    first,
    channel: openChannel(config, page, (data) => client.follow((engine) => engine.hear(data))),
    closed: closing.signal,
  }
  const client: Client = createClient(shell, {
    late,
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
      stopPrefetch()
    },
  })
  // Until the engine looks after that.
  const stopWaking = page.onRestored(() => client.follow((engine) => engine.catchUp()))
  const stopPrefetch = page.whenIdle(() => {
    client.engine().then(
      (engine) => engine.prefetch(),
      (error) => config.log('info', `No prefetch: ${error}`),
    )
  })
  await Promise.all([shell.accounts.load(), profile === 'entra' && speakEntra(shell)])
  if (page.frameName() !== undefined && page.href().includes('sid='))
    await (await client.engine()).endFramedSession()
  return client
}

async function speakEntra(shell: Shell): Promise<void> {
  const { entraDialect, withTenantProfiles } = await loaded(import('@carnet/core/entra'))
  shell.dialect = entraDialect
  shell.accounts.profileBy(withTenantProfiles)
}

/** Only tabs that share a store have anything to tell each other. */
function openChannel(
  { cache }: Config,
  page: FirstPage,
  hear: Parameters<typeof openTabChannel>[1],
): TabChannel {
  const isShared = cache.store !== undefined || cache.location === 'indexeddb'
  const isThere = isShared && typeof BroadcastChannel === 'function'
  return isThere
    ? openTabChannel(cache.name, hear, page)
    : { say: () => undefined, close: () => undefined }
}
