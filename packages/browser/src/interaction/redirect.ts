import { AuthError, stopWaitingOn } from '@carnet/core'
import type { Events } from '../announce.ts'
import type { Network } from '../network.ts'
import type { Runtime } from '../runtime.ts'
import type { StartRequest } from './authorize.ts'

/** For how long a navigation that is under way keeps a second click from starting another. */
const LEAVING_MS = 2000

/** A page that has set out: `left` when its turn is over, `cameBack` if the user comes back to it. */
export interface Departure {
  readonly left: Promise<void>
  readonly cameBack: Promise<never>
}

/** The redirect flow up to the navigation. What follows happens in the page that the response loads. */
export function createRedirect(
  { page, platform }: Runtime,
  events: Events,
  network: () => Promise<Network>,
) {
  return async function depart(request: StartRequest, signal: AbortSignal): Promise<Departure> {
    const { start, forgetTransaction } = await network()
    const { url, transaction } = await stopWaitingOn(signal, start(request, 'redirect'))
    signal.throwIfAborted()
    events.emit('interactionStarted', { interaction: 'redirect' })
    platform.log('info', `Leaving for ${transaction.authority} (${transaction.correlationId}).`)
    page.navigate(url)

    const restored = cameBack()
    const left = Promise.race([restored, new Promise<void>((end) => setTimeout(end, LEAVING_MS))])
    const cancelled = restored.then(async () => {
      events.emit('interactionEnded', { interaction: 'redirect' })
      await forgetTransaction(transaction.state)
      throw new AuthError('user_cancelled', 'The user came back without an answer of the provider.')
    })
    cancelled.catch(() => undefined)
    return { left, cameBack: cancelled }
  }

  /** The page is gone, unless the user comes back to it from the back-forward cache. */
  function cameBack(): Promise<void> {
    return new Promise((resolve) => {
      const stop = page.onRestored(() => {
        stop()
        resolve()
      })
    })
  }
}
