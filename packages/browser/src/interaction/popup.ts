import { AuthError } from '@carnet/core'
import type { Destination } from '../destination.ts'
import type { AuthenticationResult } from '../result.ts'
import type { Flow, StartRequest } from './authorize.ts'
import { onClosedByUser } from './closed-by-user.ts'
import { closedByUser, whileEmpty } from './open-window.ts'
import type { Popup } from './popup-window.ts'
import { answerLate, waitForAnswer } from './wait-for-answer.ts'

/** Until when a window is waited for. */
export interface PopupTurn {
  readonly signal: AbortSignal
  /** Aborts when the client is closed: from then on windows that come late are told nothing. */
  readonly closed: AbortSignal
}

export type PopupFlow = ReturnType<typeof createPopupFlow>

/** The way to a token by a window that is open. */
export function createPopupFlow(
  timeoutMs: number | undefined,
  { start, complete, forgetTransaction }: Flow,
) {
  /** Sends the window to the provider, and waits for the response that carries `state`. */
  async function responseFrom(
    popup: Popup,
    destination: Destination,
    state: string,
    { signal, closed }: PopupTurn,
  ): Promise<URLSearchParams> {
    let answered = false
    try {
      const waiting = waitForAnswer(state, signal, (fail) => {
        const stop = onClosedByUser(popup, () => fail(closedByUser()))
        const timer =
          timeoutMs === undefined
            ? undefined
            : setTimeout(() => fail(tooLate(timeoutMs)), timeoutMs)
        return () => {
          stop()
          clearTimeout(timer)
        }
      })
      popup.navigate(destination)
      const response = await waiting
      answered = true
      return response
    } finally {
      if (popup.isReopened() || (!answered && popup.window().closed)) answerLate(state, closed)
    }
  }

  /** Asks the user in the window, and redeems the code that comes. */
  async function ask(
    request: StartRequest,
    popup: Popup,
    turn: PopupTurn,
  ): Promise<AuthenticationResult> {
    const starting = start(request, 'popup')
    try {
      const { url, transaction } = await whileEmpty(popup.window, turn.signal, starting)
      const response = await responseFrom(popup, { url }, transaction.state, turn)
      return await complete(response, { held: transaction })
    } catch (error) {
      // It may begin only now that nobody waits for it.
      starting
        .then(({ transaction }) => forgetTransaction(transaction.state))
        .catch(() => undefined)
      throw error
    }
  }

  return { ask, responseFrom }
}

const tooLate = (timeoutMs: number) =>
  new AuthError('timeout', `The user did not answer within ${timeoutMs} ms.`)
