/** Delivers a response from the page that received it to the page that waits for it. */

import { isSecureUrl } from '@carnet/core/base'
import { openBroadcast } from '../../startup/tabs/broadcast.ts'
import { heldLocks } from '../../tabs/web-locks.ts'

/** Without an answer, the interval of the checks whether a page still waits. */
const PATIENCE_MS = 3000
/** The limit for the answer of the waiting page, if the browser cannot show whether the page exists. */
const PATIENCE_WITHOUT_LOCKS_MS = 60_000
const REPEAT_MS = 250

export interface Answer {
  readonly carnet: 'answer'
  /** The response, as it was in the URL. */
  readonly parameters: string
}

/** The name of the channel of a response, and of the lock that the waiting page holds. */
export const channelOf = (state: string) => `carnet|answer|${state}`

/** The receipt of the waiting page: it has taken the response. */
export interface Receipt {
  readonly carnet: 'received'
  /** The URL to which the popup navigates next, for a second attempt. */
  readonly next?: string | undefined
}

function receiptIn(data: unknown): Receipt | undefined {
  const { carnet, next } = Object(data) as Partial<Record<keyof Receipt, unknown>>
  if (carnet !== 'received') return undefined
  return { carnet, next: isSecureUrl(next) ? next : undefined }
}

/**
 * Delivers a response. Resolves with the receipt, or with `undefined` if no page took the response. It uses a channel of the
 * origin, which works even if the provider's pages disconnected the popup from its opener. It also sends the response directly
 * to the opener, which works if the app is embedded in another site and has its own channels.
 */
export function handOver(state: string, parameters: URLSearchParams): Promise<Receipt | undefined> {
  const name = channelOf(state)
  const channel = openBroadcast(name)
  const begunAtMs = performance.now()
  const answer: Answer = { carnet: 'answer', parameters: parameters.toString() }
  const waiting: Window | null = window.opener ?? (window.parent === window ? null : window.parent)

  return new Promise((resolve) => {
    const say = () => {
      channel?.postMessage(answer)
      waiting?.postMessage(answer, location.origin)
    }
    const take = (data: unknown) => {
      const receipt = receiptIn(data)
      if (receipt) end(receipt)
    }
    const hearChannel = ({ data }: MessageEvent) => take(data)
    const hearWindow = ({ data, origin }: MessageEvent) => {
      if (origin === location.origin) take(data)
    }
    const repeating = setInterval(say, REPEAT_MS)
    // A busy page answers late; its lock shows that it exists.
    const giveUpIfAlone = async () => {
      const held = await heldLocks()
      const isLong = performance.now() - begunAtMs >= PATIENCE_WITHOUT_LOCKS_MS
      if (held ? !held.includes(name) : isLong) end(undefined)
    }
    const givingUp = setInterval(giveUpIfAlone, PATIENCE_MS)
    function end(receipt: Receipt | undefined): void {
      clearInterval(repeating)
      clearInterval(givingUp)
      removeEventListener('message', hearWindow)
      channel?.close()
      resolve(receipt)
    }
    channel?.addEventListener('message', hearChannel)
    addEventListener('message', hearWindow)
    say()
  })
}
