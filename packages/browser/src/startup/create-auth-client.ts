import { AWAITED } from '@carnet/core/base'
import type { AuthClient } from '../api/auth-client.ts'
import type { FirstConfig } from '../api/config.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { ANY_MARK } from './client-mark.ts'
import { firstConfig } from './first-config.ts'
import { openCache, openClient } from './open-client.ts'
import { type FirstPage, firstPage } from './page/first-page.ts'
import { FRAME_NAME } from './page/frame-name.ts'
import { loaded } from './page/loaded.ts'
import { sharedOnPage, shareOnPage } from './page/shared-on-page.ts'
import { stayInert } from './page/stay-inert.ts'
import { arePlain } from './plain-options.ts'
import type { Address, PendingResponse, Received } from './response.ts'

/**
 * Creates the client of this page: opens the cache, reads the accounts, and completes an authorization response in the URL.
 * It removes the response from the URL synchronously. Create the client before the router of the app starts.
 *
 * In a popup or a hidden iframe, Carnet passes the response to the waiting page. The promise stays pending there, because the
 * app must not start.
 *
 * If the response failed, the client still works: see `redirectError`.
 *
 * @throws AuthError `invalid_options` if the options are wrong; `unsupported_environment` or `insecure_context` if Carnet
 * cannot work here.
 */
export async function createAuthClient(options: AuthClientOptions): Promise<AuthClient> {
  const page = firstPage()
  const unchecked = configOf(options, page)
  const mark = unchecked?.mark ?? ANY_MARK
  const address = addressWithResponse(page, mark, options?.response === 'leave')
  const config = configFor(options, page, unchecked)
  const arrival = sharedOnPage('arrival1', mark) as PendingResponse | undefined
  const wasOver = arrival?.isOver
  const received =
    (address || arrival) &&
    loaded(import('../flows/response/receive.ts')).then(({ receive }) =>
      receive({ address, arrival, wasOver, copy: createAuthClient }, page, {
        mark,
        unchecked,
        config,
      }),
    )
  // A redirect comes back to a page that always starts: open its database while the other parts load.
  const isRedirect = address?.isCleared && address.href.includes(`state=${mark}r`)
  const starting = start(page, config, received, isRedirect ? unchecked : undefined)
  if (address) {
    config.then(
      // The code is redeemed soon, in this page or in the page that waits.
      ({ authority }) => page.preconnect(authority),
      () => undefined,
    )
    const result = starting.then(({ redirectError, redirectResult }) => {
      if (redirectError) throw redirectError
      return redirectResult
    })
    const arriving: PendingResponse = { result, atMs: performance.now(), by: createAuthClient }
    shareOnPage('arrival1', mark, arriving)
    const end = () => {
      arriving.isOver = true
    }
    result.then(end, end)
  }
  return starting
}

async function start(
  page: FirstPage,
  checked: Promise<FirstConfig>,
  receiving: Promise<Received> | undefined,
  early: FirstConfig | undefined,
): Promise<AuthClient> {
  const first = early && openCache(early)
  // If a part of the library does not load, the response fails, but the client still works.
  const received = receiving?.catch((error): Received => ({ outcome: async () => ({ error }) }))
  const config = await checked.catch((error) => {
    first?.opening.then((database) => database.close()).catch(() => undefined)
    throw error
  })
  const { isResponse, outcome } = (await received) ?? {}
  if (!isResponse && page.frameName() === FRAME_NAME) await stayInert()
  const { client, read, isUnfinished } = openClient(config, page, first)
  try {
    let redirect = await outcome?.(client, read)
    await read
    if (!outcome && (await isUnfinished))
      redirect = await client.engine().then(
        (engine) => engine.finishEarlier(),
        () => undefined, // The next page tries again.
      )
    return client.expose(redirect ?? {})
  } catch (error) {
    client.auth.close() // The start failed.
    throw error
  }
}

async function configFor(
  options: AuthClientOptions,
  page: FirstPage,
  unchecked: FirstConfig | undefined,
): Promise<FirstConfig> {
  if (unchecked && arePlain(options)) return unchecked
  // Beside the checks, not after them.
  if (options?.resources) import('../checks/resource-finder.ts').catch(() => undefined)
  const { checkedConfig } = await loaded(import('../checks/checked-config.ts'))
  return checkedConfig(options, page.origin)
}

/** The options with their defaults; they may be invalid. */
function configOf(options: AuthClientOptions, page: FirstPage): FirstConfig | undefined {
  try {
    return firstConfig(options, page.origin)
  } catch {
    return undefined // The check of the options reports the error later.
  }
}

/** Looks for a response in the URL, and removes a response of this client from the URL at once. */
function addressWithResponse(page: FirstPage, mark: string, isLeft: boolean): Address | undefined {
  const href = page.href()
  const hasParameters = /[?#&](code|error|state|access_token|id_token)=/.test(href)
  // All other pages skip the read of `sessionStorage`, which takes time.
  const awaited = hasParameters || window.opener ? page.tabNote(AWAITED) : undefined
  if (!hasParameters && !awaited) return undefined
  // Popups and hidden iframes always pass their response on.
  if (isLeft && !/carnet-\w{8}-[pio]\./.test(href + awaited)) return undefined
  const isCleared = hasParameters && (href.includes(`state=${mark}`) || awaited?.startsWith(mark))
  if (isCleared) page.replaceUrl(href.replace(/[?#].*/, ''))
  // The engine redeems the code: load it now.
  if (href.includes(`state=${mark}r`)) {
    import('../engine/engine.ts').catch(() => undefined)
    import('../flows/interaction/create-flows.ts').catch(() => undefined)
  }
  return { href, awaited, isCleared }
}
