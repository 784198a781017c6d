import type { FirstConfig } from '../../api/config.ts'
/** Receives a response in the URL. This file loads if the URL may have a response, or if another client received one. */
import type { AuthenticationResult } from '../../api/result.ts'
import type { RedirectOutcome } from '../../startup/create-auth.ts'
import type { FirstPage } from '../../startup/page/first-page.ts'
import { loaded } from '../../startup/page/loaded.ts'
import { sharedOnPage } from '../../startup/page/shared-on-page.ts'
import type { Address, PendingResponse, Received, ResponseInUrl } from '../../startup/response.ts'
import { resultOf } from './pending-response.ts'
import { takeResponse } from './take-response.ts'

/** The URL and the arrival at the start of the page. */
interface Found {
  readonly address: Address | undefined
  readonly arrival: PendingResponse | undefined
  /** True if the result of the arrival was there when the app created the client. */
  readonly wasOver: boolean | undefined
  /** The `createAuthClient` of this copy of the library. */
  readonly copy: unknown
}

/** The configuration of a client, before and after the options were checked. */
interface Configs {
  readonly mark: string
  readonly unchecked: FirstConfig | undefined
  readonly config: Promise<FirstConfig>
}

/** Removes the response from the URL at once. After the check of the options, it delivers the response to the waiting page. */
export async function receive(
  { address, arrival, wasOver, copy }: Found,
  page: FirstPage,
  { mark, unchecked, config }: Configs,
): Promise<Received> {
  const other = address && takenByOther(address, mark, arrival)
  const response = address && !other ? takeResponse(address, page, mark, unchecked) : undefined
  // The code is redeemed soon: start the worker for it beside the engine.
  if (unchecked && response?.kind === 'redirect' && response.parameters.has('code'))
    import('../../worker/default-worker.ts')
      .then(({ startSharedWorker }) => startSharedWorker(unchecked))
      .catch(() => undefined)
  await config
  // The app must not start in a popup that closes.
  await resultOf(other, false, copy).catch(() => null)
  const early = await outcomeOf(async () => {
    // Wait for another client of this page that completes the response: its accounts are stored only then.
    if (!response) return arrival && resultOf(arrival, wasOver, copy)
    // `null` if another page completes the response.
    return response.kind !== 'redirect' && (await finish(response, page)) ? null : undefined
  })
  if (!response || response.isForeign || early.error || early.result === null)
    return { isResponse: response !== undefined, outcome: async () => early }
  return {
    isResponse: true,
    outcome: (client, read) =>
      outcomeOf(async () => (await client.engine()).complete(response, read)),
  }
}

/**
 * The response of a popup that another client of this page has taken: the client that waits for it, or a copy of this client. It has
 * removed the response from the URL, which looks empty to this client.
 */
function takenByOther({ awaited = '' }: Address, mark: string, arrival: unknown): unknown {
  const [, waiting] = /^(carnet-\w{8}-)[po]\./.exec(awaited) ?? []
  return waiting === mark ? arrival : waiting && sharedOnPage('arrival1', waiting)
}

/** The outcome of a response in the URL. A failed response does not make the client fail. */
const outcomeOf = (
  work: () => Promise<AuthenticationResult | null | undefined>,
): Promise<RedirectOutcome> =>
  work().then(
    (result) => ({ result }),
    (error) => ({ error }), // Maybe the error of another copy of the library.
  )

async function finish(response: ResponseInUrl, page: FirstPage): Promise<boolean> {
  const { deliverResponse } = await loaded(import('../relay/deliver-response.ts'))
  return deliverResponse(response, page.frameName() !== undefined)
}
