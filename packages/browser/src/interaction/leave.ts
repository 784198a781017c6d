import { AuthError, stopWaitingOn } from '@carnet/core'
import type { Page } from '../page.ts'
import type { Runtime } from '../runtime.ts'
import type { Events } from '../shell.ts'
import type { Flow, StartRequest } from './authorize.ts'

/** For how long a navigation that is under way keeps a second click from starting another. */
const LEAVING_MS = 2000

/** A page that has set out: `left` when its turn is over, `cameBack` if the user comes back to it. */
export interface Departure<T> {
  readonly left: Promise<void>
  readonly cameBack: Promise<T>
}

/** Leaves the page. It is gone then, unless the user comes back to it from the back-forward cache. */
export function leaveFor(url: string, page: Page): Departure<void> {
  page.navigate(url)
  const cameBack = new Promise<void>((resolve) => {
    const stop = page.onRestored(() => {
      stop()
      resolve()
    })
  })
  const left = new Promise<void>((end) => setTimeout(end, LEAVING_MS))
  return { left: Promise.race([cameBack, left]), cameBack }
}

/** The redirect flow up to the navigation. What follows happens in the page that the response loads. */
export function createDepart({ page, platform }: Runtime, { start, forgetTransaction }: Flow) {
  return async function depart(
    request: StartRequest,
    signal: AbortSignal,
    events: Events,
  ): Promise<Departure<never>> {
    const { url, transaction } = await stopWaitingOn(signal, start(request, 'redirect'))
    signal.throwIfAborted()
    events.emit('interactionStarted', { interaction: 'redirect' })
    platform.log('info', `Leaving for ${transaction.authority} (${transaction.correlationId}).`)
    const { left, cameBack } = leaveFor(url, page)
    const cancelled = cameBack.then(async () => {
      events.emit('interactionEnded', { interaction: 'redirect' })
      await forgetTransaction(transaction.state)
      throw new AuthError('user_cancelled', 'The user came back without an answer of the provider.')
    })
    cancelled.catch(() => undefined)
    return { left, cameBack: cancelled }
  }
}
