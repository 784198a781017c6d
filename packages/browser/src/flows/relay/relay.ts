/** How a response gets from the page that received it to the page that waits for it. */

import { isSecureUrl } from '@carnet/core/base'
import { openBroadcast } from '../../startup/broadcast.ts'
import { heldLocks } from '../../tabs/web-locks.ts'

/** How often to look, where nobody answers, whether somebody waits. */
const PATIENCE_MS = 3000
/** For how long the page that waits may take to answer where nothing tells whether it lives. */
const PATIENCE_WITHOUT_LOCKS_MS = 60_000
const REPEAT_MS = 250

export interface Answer {
  readonly carnet: 'answer'
  /** The response as it stood in the address. */
  readonly parameters: string
}

/** The channel of an answer; and the lock that the page holds which waits for it. */
export const channelOf = (state: string) => `carnet|answer|${state}`

/** The page that waits has taken the response. */
export interface Receipt {
  readonly carnet: 'received'
  /** The address to which the window goes next, if the request is made once more. */
  readonly next?: string | undefined
}

function receiptIn(data: unknown): Receipt | undefined {
  const { carnet, next } = Object(data) as Partial<Record<keyof Receipt, unknown>>
  if (carnet !== 'received') return undefined
  return { carnet, next: isSecureUrl(next) ? next : undefined }
}

/**
 * Hands a response over. It returns the receipt, or nothing if nobody took the response. It goes over a channel of the origin, which
 * works where the provider's pages cut the tie to the opener; and straight to the opener, which
 * works where the app is embedded in another site and has channels of its own.
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
    // A page that is busy answers late; the lock tells that it will.
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
