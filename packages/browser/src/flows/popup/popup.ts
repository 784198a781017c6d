import { AuthError } from '@carnet/core'
import type { Config } from '../../api/config.ts'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Destination } from '../../platform/destination.ts'
import type {
  Flow,
  Outcome,
  StartedAuthorization,
  StartRequest,
} from '../authorization/authorization-request.ts'
import { answerLate, waitForAnswer } from '../relay/wait-for-answer.ts'
import { unusableInPopup } from '../response/unusable-response.ts'
import { onClosedByUser } from './closed-by-user.ts'
import type { Popup } from './opened-popup.ts'
import { closedByUser, whileEmpty } from './while-empty.ts'

/** The signals that end the wait for a popup. */
export interface PopupTurn {
  readonly signal: AbortSignal
  /** Aborts when the client is closed: from then on, late popups get no answer. */
  readonly closed: AbortSignal
}

/** The popup flow, for a popup that is already open. */
export interface PopupFlow {
  /** Sends the request in the popup, and completes its response. */
  ask: (request: StartRequest, popup: Popup, turn: PopupTurn) => Promise<AuthenticationResult>
  /** Navigates the popup, and waits for the response to `state`. */
  responseFrom: (
    popup: Popup,
    destination: Destination | undefined,
    state: string,
    { signal, closed }: PopupTurn,
    nextFor?: (refusal: URLSearchParams) => Promise<string | undefined>,
  ) => Promise<URLSearchParams>
}

/** Creates the popup flow. */
export function createPopupFlow(
  { interaction }: Pick<Config, 'interaction'>,
  { start, outcome, withoutWindow, forgetTransaction }: Flow,
): PopupFlow {
  const timeoutMs = interaction.timeoutMs

  /** Navigates the popup to the provider, unless it navigates itself, and waits for the response to `state`. */
  async function responseFrom(
    popup: Popup,
    destination: Destination | undefined,
    state: string,
    { signal, closed }: PopupTurn,
    nextFor?: (refusal: URLSearchParams) => Promise<string | undefined>,
  ): Promise<URLSearchParams> {
    let answered = false
    try {
      const waiting = waitForAnswer(state, signal, watch, nextFor)
      if (destination) popup.navigate(destination, state)
      const response = await waiting
      answered = true
      return response
    } finally {
      if (popup.isReopened() || (!answered && popup.window().closed)) answerLate(state, closed)
    }

    function watch(fail: (error: unknown) => void) {
      const stop = onClosedByUser(popup, () => fail(closedByUser()))
      const timer =
        timeoutMs === undefined ? undefined : setTimeout(() => fail(tooLate(timeoutMs)), timeoutMs)
      return () => {
        stop()
        clearTimeout(timer)
      }
    }
  }

  /**
   * Waits for the response to one request, and redeems its code. For a second attempt, the popup navigates itself while it is
   * still open, because a page with `Cross-Origin-Opener-Policy` makes it unreachable for this page.
   */
  async function outcomeOf(
    popup: Popup,
    { transaction }: StartedAuthorization,
    destination: Destination | undefined,
    turn: PopupTurn,
  ): Promise<Outcome> {
    let refused: Promise<Outcome> | undefined
    const ended = new AbortController()
    const unusable = onUnusable(popup, transaction.state, ended.signal)
    unusable.catch(() => undefined)
    const nextFor = async (refusal: URLSearchParams) => {
      refused = outcome(refusal, { held: transaction })
      const { again } = await refused.catch(() => NOTHING_MORE)
      if (again) popup.goesTo(again.url)
      return again?.url
    }
    const { state } = transaction
    const signal = AbortSignal.any([turn.signal, ended.signal])
    const answering = responseFrom(popup, destination, state, { ...turn, signal }, nextFor)
    const response = await Promise.race([answering, unusable]).finally(() => {
      ended.abort(new AuthError('aborted', 'The popup has a response.'))
      answering.catch(() => undefined)
    })
    if (refused !== undefined) return await refused
    const settled = await outcome(response, { held: transaction })
    return settled.again ? withoutWindow(settled) : settled
  }

  /** Sends the request in the popup, and redeems the code of the response. */
  async function ask(
    request: StartRequest,
    popup: Popup,
    turn: PopupTurn,
  ): Promise<AuthenticationResult> {
    let starting = start(request, 'popup')
    try {
      const first = await whileEmpty(popup.window, turn.signal, starting)
      let settled = await outcomeOf(popup, first, { url: first.url }, turn)
      while (settled.again) {
        starting = Promise.resolve(settled.again)
        settled = await outcomeOf(popup, settled.again, undefined, turn)
      }
      return settled.result
    } catch (error) {
      // The request may start only now, after the caller has aborted.
      starting
        .then(({ transaction }) => forgetTransaction(transaction.state))
        .catch(() => undefined)
      throw error
    }
  }

  return { ask, responseFrom }
}

/** Watches a popup that shows a page of this origin: its URL may have an unusable response. */
function onUnusable(popup: Popup, awaited: string, signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const looking = setInterval(() => {
      const href = addressOf(popup.window())
      const error = href === undefined ? undefined : unusableInPopup(href, awaited)
      if (error) reject(error)
    }, LOOK_EVERY_MS)
    signal.addEventListener('abort', () => clearInterval(looking))
  })
}

/** The URL of a popup, if this page may read it. */
function addressOf({ location }: Window): string | undefined {
  try {
    return /^https?:/.test(location.href) ? location.href : undefined
  } catch {
    return undefined
  }
}

const LOOK_EVERY_MS = 50

const NOTHING_MORE: { readonly again?: undefined } = {}

const tooLate = (timeoutMs: number) =>
  new AuthError('popup_timeout', `The user did not answer within ${timeoutMs} ms.`)
