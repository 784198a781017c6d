import { AuthError, stopWaitingOn } from '@carnet/core'
import type { Events } from '../announce.ts'
import type { Network } from '../network.ts'
import type { InteractiveRequest } from '../requests.ts'
import type { Runtime } from '../runtime.ts'

/** The redirect flow up to the navigation. What follows happens in the page that the response loads. */
export function createRedirect(
  { page, platform }: Runtime,
  events: Events,
  network: () => Promise<Network>,
) {
  return async function redirect(request: InteractiveRequest): Promise<never> {
    const correlationId = request.correlationId ?? platform.randomId()
    try {
      const { start, forgetTransaction } = await network()
      const starting = start({ ...request, correlationId })
      const { url, transaction } = await stopWaitingOn(request.signal, starting)
      events.emit('interactionStarted', { interaction: 'redirect' })
      platform.log('info', `Leaving for ${transaction.authority} (${correlationId}).`)
      page.navigate(url)
      await cameBack()
      events.emit('interactionEnded', { interaction: 'redirect' })
      await forgetTransaction(transaction.state)
      throw new AuthError('user_cancelled', 'The user came back without an answer of the provider.')
    } catch (error) {
      if (error instanceof AuthError) error.correlationId ??= correlationId
      throw error
    }
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
