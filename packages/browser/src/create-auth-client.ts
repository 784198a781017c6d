import {
  AuthError,
  createAccountRegistry,
  createConsentLedger,
  createEmitter,
  createTokenCache,
  type Platform,
} from '@carnet/core'
import { createAnnounce } from './announce.ts'
import type { AuthClient } from './auth-client.ts'
import type { Beginning } from './beginning.ts'
import { type ClientStore, openStore } from './cache/open-store.ts'
import { createClient } from './client.ts'
import type { AuthEvents } from './events.ts'
import { arrivalOf, noteArrival } from './interaction/arrivals.ts'
import { finishElsewhere, isInHiddenFrame, stayInert } from './interaction/finish-elsewhere.ts'
import { findResponse, type ResponseInUrl } from './interaction/response-url.ts'
import { ANY_MARK, clientMark } from './interaction/state.ts'
import type { AuthClientOptions, Config } from './options.ts'
import { browserPage, type Page } from './page.ts'
import { parseOptions } from './parse-options.ts'
import type { Runtime } from './runtime.ts'
import { openTabChannel, type TabChannel } from './tabs/channel.ts'
import { createFollower } from './tabs/follow.ts'
import { createTabLock, patienceMsOf } from './tabs/lock.ts'

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
  const page = browserPage()
  const config = parseOptions(options, page.origin)
  const mark = clientMark(config.cache.name, config.clientId)
  const isFramed = isInHiddenFrame(page)
  // No client starts in a hidden frame: the first that is made there hands over for whichever waits.
  const response = findResponse(page.href(), { ...config, mark: isFramed ? ANY_MARK : mark })
  if (response) page.replaceUrl(response.cleanUrl)
  if (!globalThis.crypto?.subtle)
    throw new AuthError('insecure_context', `${page.origin} is not a secure context.`)

  if (!response) {
    if (isFramed) await stayInert()
    return openClient(config, page, { arrival: arrivalOf(mark) })
  }
  const opening = receive(config, page, response)
  noteArrival(
    mark,
    opening.then(({ redirectResult }) => redirectResult),
  )
  return opening
}

async function receive(config: Config, page: Page, response: ResponseInUrl): Promise<AuthClient> {
  const isDoneWith = await finishElsewhere(response, page)
  return openClient(config, page, { response: isDoneWith ? undefined : response.parameters })
}

async function openClient(config: Config, page: Page, beginning: Beginning): Promise<AuthClient> {
  const events = createEmitter<AuthEvents>((error) => reportError(error))
  const degraded: { cause: unknown }[] = []
  const onDegraded = (cause: unknown) => {
    config.log('warn', `Storage failed, going on from memory: ${cause}`)
    degraded.push({ cause })
    events.emit('storageDegraded', { cause })
  }
  const store = openStore(config.cache, onDegraded, patienceMsOf(config))
  const { clientId } = config
  const cache = createTokenCache(clientId, store)
  const accounts = createAccountRegistry(clientId, store)
  const ledger = createConsentLedger(clientId, store, config.now)
  const follower = createFollower({ clientId, accounts, cache, events })
  const channel = openChannel(config, page, (message) => {
    follower
      .hear(message)
      .catch((error) => config.log('warn', `Another tab was not followed: ${error}`))
  })
  const announce = createAnnounce(clientId, events, channel)
  const platform = browserPlatform(config, store, page)
  const runtime: Runtime = { config, page, platform, store, cache, accounts, ledger, announce }

  const client = createClient(runtime, { events, channel, follower, degraded })
  try {
    await client.start(beginning)
    return client.auth
  } catch (error) {
    client.auth.close()
    throw error
  }
}

function browserPlatform(config: Config, store: ClientStore, page: Page): Platform {
  return {
    now: config.now,
    trueTimeMs: () => page.serverTimeMs(),
    fetch: config.fetch,
    randomId: () => crypto.randomUUID(),
    withLock: createTabLock(patienceMsOf(config), store.withLease),
    log: config.log,
  }
}

const SILENT_CHANNEL: TabChannel = { say: () => undefined, close: () => undefined }

/** Only tabs that share a store have anything to tell each other. */
function openChannel(
  { cache }: Config,
  page: Page,
  hear: Parameters<typeof openTabChannel>[1],
): TabChannel {
  const isShared = cache.store !== undefined || cache.location === 'indexeddb'
  const shared = isShared && typeof BroadcastChannel === 'function'
  return shared ? openTabChannel(cache.name, hear, page) : SILENT_CHANNEL
}
