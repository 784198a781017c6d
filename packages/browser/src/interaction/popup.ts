import { AuthError } from '@carnet/core'
import type { Network } from '../network.ts'
import type { AuthenticationResult } from '../result.ts'
import type { StartRequest } from './authorize.ts'
import type { Popup } from './popup-window.ts'
import { waitForAnswer } from './wait-for-answer.ts'

/** Sends an open window to the provider, waits for its answer, and redeems the code. */
export async function answerFromPopup(
  request: StartRequest,
  popup: Popup,
  { signal, timeoutMs }: { signal: AbortSignal; timeoutMs: number | undefined },
  { start, complete, forgetTransaction }: Network,
): Promise<AuthenticationResult> {
  const { url, transaction } = await start(request, 'popup')
  try {
    const answering = waitForAnswer(transaction.state, signal, (fail) => {
      const stop = popup.onClosedByUser(() => fail(closedByUser()))
      const timer =
        timeoutMs === undefined ? undefined : setTimeout(() => fail(tooLate(timeoutMs)), timeoutMs)
      return () => {
        stop()
        clearTimeout(timer)
      }
    })
    popup.navigate(url)
    return await complete(await answering)
  } catch (error) {
    // Where the cancellation was a mistake, the window can still complete the sign-in by itself.
    if (!isCancellation(error)) await forgetTransaction(transaction.state)
    throw error
  }
}

const isCancellation = (error: unknown) =>
  error instanceof AuthError && error.code === 'user_cancelled'

const closedByUser = () => new AuthError('user_cancelled', 'The user closed the window.')

const tooLate = (timeoutMs: number) =>
  new AuthError('timeout', `The user did not answer within ${timeoutMs} ms.`)
