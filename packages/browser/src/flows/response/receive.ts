import type { FirstConfig } from '../../api/options.ts'
/** Receives the response in the address. Loaded where there may be one, or where another client of the page received one. */
import type { AuthenticationResult } from '../../api/result.ts'
import type { RedirectOutcome } from '../../startup/client.ts'
import type { FirstPage } from '../../startup/first-page.ts'
import { loaded } from '../../startup/loaded.ts'
import type { Address, Arrival, Received, ResponseInUrl } from '../../startup/response.ts'
import { resultOf } from './arrivals.ts'
import { takeResponse } from './take-response.ts'

/** The address and the arrival that a page found as it started. */
interface Found {
  readonly address: Address | undefined
  readonly arrival: Arrival | undefined
  /** True if the arrival was over when the app asked. */
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

/** Takes the response out of the address at once, and hands it to the page that waits for it when the options are checked. */
export async function receive(
  { address, arrival, wasOver, copy }: Found,
  page: FirstPage,
  { mark, unchecked, config }: Configs,
): Promise<Received> {
  const response = address && takeResponse(address, page, mark, unchecked)
  await config
  const early = await outcomeOf(async () => {
    // A response that another client of the page completes is in the store when that is done.
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

/** The outcome of work with a response in the address. A response that failed does not reject the client. */
const outcomeOf = (
  work: () => Promise<AuthenticationResult | null | undefined>,
): Promise<RedirectOutcome> =>
  work().then(
    (result) => ({ result }),
    (error) => ({ error }), // Maybe of another copy of the library.
  )

async function finish(response: ResponseInUrl, page: FirstPage): Promise<boolean> {
  const { finishElsewhere } = await loaded(import('../relay/finish-elsewhere.ts'))
  return finishElsewhere(response, page.frameName() !== undefined)
}
