import type { AuthClient } from './auth-client.ts'
import type { RedirectOutcome } from './client.ts'
import { firstConfig } from './first-config.ts'
import { type FirstPage, firstPage } from './first-page.ts'
import type { Arrival } from './interaction/arrivals.ts'
import { AWAITED } from './interaction/awaited.ts'
import { FRAME_NAME } from './interaction/frame-name.ts'
import type { ResponseInUrl } from './interaction/response-url.ts'
import { ANY_MARK } from './interaction/state.ts'
import { stayInert } from './interaction/stay-inert.ts'
import type { Address } from './interaction/take-response.ts'
import { loaded } from './loaded.ts'
import { openClient } from './open-client.ts'
import type { AuthClientOptions, FirstConfig } from './options.ts'
import { arePlain } from './plain-options.ts'
import type { AuthenticationResult } from './result.ts'
import { sharedOnPage, shareOnPage } from './shared-on-page.ts'

/**
 * Creates the client of this page: opens the cache, reads who is signed in, and completes the
 * authorization response in the address if there is one. The response is out of the address before
 * anything waits. Create the client before the router of the app starts.
 *
 * In the popup or the hidden frame of a flow, the response is handed to the page that waits for it, and
 * the promise does not settle: the app must not start there.
 *
 * If the response failed, the client works all the same: see `redirectError`.
 *
 * @throws AuthError `invalid_options` if the options are wrong; `unsupported_environment` or `insecure_context` if Carnet
 * cannot work here.
 */
export async function createAuthClient(options: AuthClientOptions): Promise<AuthClient> {
  const page = firstPage()
  const unchecked = configOf(options, page)
  const mark = unchecked?.mark ?? ANY_MARK
  const address = addressWithResponse(page, mark)
  const config = configFor(options, page, unchecked)
  const arrived = sharedOnPage('arrival1', mark) as Arrival | undefined
  const taken = address && take(address, page, mark, unchecked)
  const starting = start(page, config, taken, arrived)
  if (taken !== undefined) {
    taken.catch(() => undefined) // Heard of where the client starts.
    const result = starting.then(({ redirectError, redirectResult }) => {
      if (redirectError) throw redirectError
      return redirectResult
    })
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
  taken: Promise<ResponseInUrl | undefined> | undefined,
  arrival: Arrival | undefined,
): Promise<AuthClient> {
  const wasOver = arrival?.isOver
  const config = await checked
  // The code is redeemed in a moment, here or in the page that waits.
  if (taken !== undefined) page.preconnect(config.authority)
  let found: ResponseInUrl | undefined
  const early = await outcomeOf(async () => {
    const response = await taken
    found = response
    // A response that another client of the page completes is in the store when that is done.
    if (!response) return arrival && resultOf(arrival, wasOver)
    // `null` if another page completes the response.
    return response.kind !== 'redirect' && (await finish(response, page)) ? null : undefined
  })
  const response = found as ResponseInUrl | undefined
  if (!response && page.frameName() === FRAME_NAME) await stayInert()
  const { client, read } = openClient(config, page)
  try {
    const isOver = !response || response.isForeign || early.error || early.result === null
    const outcome = isOver
      ? early
      : await outcomeOf(async () => (await client.engine()).complete(response, read))
    await read
    return client.expose(outcome)
  } catch (error) {
    client.auth.close() // The start failed.
    throw error
  }
}

/** The outcome of work with a response in the address. A response that failed does not reject the client. */
const outcomeOf = (
  work: () => Promise<AuthenticationResult | null | undefined>,
): Promise<RedirectOutcome> =>
  work().then(
    (result) => ({ result }),
    (error) => ({ error }), // Maybe of another copy of the library.
  )

async function resultOf(arrival: Arrival, wasOver: unknown) {
  const arrivals = await loaded(import('./interaction/arrivals.ts'))
  return arrivals.resultOf(arrival, wasOver, createAuthClient)
}

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

/** Looks for a response. One of our own is out of the address before anything waits. */
function addressWithResponse(page: FirstPage, mark: string): Address | undefined {
  const href = page.href()
  const hasParameters = /[?#&](code|error|state|access_token|id_token)=/.test(href)
  // Other pages need not read the storage of the tab, which takes time.
  const awaited = hasParameters || window.opener ? page.tabNote(AWAITED) : undefined
  if (!hasParameters && !awaited) return undefined
  const isCleared = hasParameters && (href.includes(`state=${mark}`) || awaited?.startsWith(mark))
  if (isCleared) page.replaceUrl(href.replace(/[?#].*/, ''))
  return { href, awaited, isCleared }
}

async function take(
  address: Address,
  page: FirstPage,
  mark: string,
  config: FirstConfig | undefined,
): Promise<ResponseInUrl | undefined> {
  // A code is redeemed by the engine: it loads meanwhile.
  if (address.href.includes(`state=${mark}r`)) import('./engine.ts').catch(() => undefined)
  const { takeResponse } = await loaded(import('./interaction/take-response.ts'))
  return takeResponse(address, page, mark, config)
}

async function finish(response: ResponseInUrl, page: FirstPage): Promise<boolean> {
  const { finishElsewhere } = await loaded(import('./interaction/finish-elsewhere.ts'))
  return finishElsewhere(response, page.frameName() !== undefined)
}
