/** How a response gets from the page that received it to the page that waits for it. */

import { openBroadcast } from '../tabs/broadcast.ts'
import { heldLocks } from '../tabs/web-locks.ts'

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

export const isReceipt = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && 'carnet' in data && data.carnet === 'received'

/**
 * Hands a response over and says whether somebody took it. It goes over a channel of the origin, which
 * works where the provider's pages cut the tie to the opener; and straight to the opener, which
 * works where the app is embedded in another site and has channels of its own.
 */
export function handOver(state: string, parameters: URLSearchParams): Promise<boolean> {
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
    const hearChannel = ({ data }: MessageEvent) => isReceipt(data) && end(true)
    const hearWindow = ({ data, origin }: MessageEvent) =>
      origin === location.origin && isReceipt(data) && end(true)
    const repeating = setInterval(say, REPEAT_MS)
    // A page that is busy answers late; the lock tells that it will.
    const giveUpIfAlone = async () => {
      const held = await heldLocks()
      const isLong = performance.now() - begunAtMs >= PATIENCE_WITHOUT_LOCKS_MS
      if (held ? !held.includes(name) : isLong) end(false)
    }
    const givingUp = setInterval(giveUpIfAlone, PATIENCE_MS)
    function end(taken: boolean): void {
      clearInterval(repeating)
      clearInterval(givingUp)
      removeEventListener('message', hearWindow)
      channel?.close()
      resolve(taken)
    }
    channel?.addEventListener('message', hearChannel)
    addEventListener('message', hearWindow)
    say()
  })
}
