import {
  type Account,
  AuthError,
  accountKey,
  OUTCOME,
  STEP,
  stepsOf,
  stopWaitingOn,
  traced,
} from '@carnet/core'
import type { InteractiveRequest, SsoRequest } from '../../api/requests.ts'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import type { OpenedPopup } from '../../startup/page/open-popup.ts'
import type { Events } from '../../startup/start-context.ts'
import type { StartRequest } from '../authorization/authorization-request.ts'
import type { InteractionQueue, Turn } from '../authorization/queue.ts'
import type { RunningInteractions } from '../authorization/running.ts'
import { openPopup } from '../popup/opened-popup.ts'
import type { PopupFlow } from '../popup/popup.ts'
import { assertMayRedirect } from '../redirect/may-redirect.ts'
import type { StartRedirect } from '../redirect/redirect.ts'
import { retrace } from './retrace.ts'

/** A request, and the account whose grant it extends. */
type IncrementalRequest = InteractiveRequest & { readonly addsTo?: Account | undefined }

/** How a call came to ask the user. */
export interface Occasion {
  /** The window that the click has opened. */
  readonly opened?: OpenedPopup | undefined
  /** The error of the silent call that needs the user. The trace goes on with its steps. */
  readonly why?: unknown
}

/** Sends requests to the provider: by redirect, in a popup, or in a hidden iframe. */
export interface WaysToProvider {
  /** Redirects to the provider. */
  readonly depart: StartRedirect
  /** Sends the request in an open popup. */
  readonly askInPopup: PopupFlow['ask']
  /** Signs in with a session of the provider, without the user (`prompt=none` in a hidden iframe). */
  askInFrame(request: StartRequest, signal: AbortSignal): Promise<AuthenticationResult>
}

/** The parts that all interactions of a client share. */
export interface InteractionDeps {
  readonly events: Events
  readonly ways: WaysToProvider
  readonly enqueue: InteractionQueue
  /** Throws if the client was closed while the request waited. */
  readonly assertOpen: () => void
  readonly running: RunningInteractions
  /** Aborts when the client is closed. */
  readonly closed: AbortSignal
}

/** The interactions of a client. One interaction runs at a time per page. */
export interface Interact {
  /**
   * Resolves only if the app keeps the page; see `interaction.leave`. Rejects if the user comes back without a response, or if the page is not left. In
   * an iframe it rejects at once.
   */
  redirect(request: IncrementalRequest, occasion?: Occasion): Promise<void>
  /** Opens a popup at once, or uses the popup that the click handler has `opened`, when it is the turn of this request. */
  popup(request: IncrementalRequest, occasion?: Occasion): Promise<AuthenticationResult>
  /** Signs in silently, with a session of the provider. */
  sso(request: SsoRequest): Promise<AuthenticationResult>
}

/** Creates the interactions of a client. One interaction runs at a time per page. */
export function createInteract(context: Context, deps: InteractionDeps): Interact {
  const { events, ways, enqueue, assertOpen, running, closed } = deps
  const { config, page, platform, trace } = context

  /** Checks a request before a popup opens. */
  const check = ({ scopes = [], extraScopesToConsent = [] }: InteractiveRequest) =>
    config.dialect.assertAskable(scopes, extraScopesToConsent)

  async function named<T>(correlationId: string, work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (error instanceof AuthError) error.correlationId ??= correlationId
      throw error
    }
  }

  /** Puts the error of an interaction into the snapshot, even if the app catches it. */
  async function shown<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (error instanceof AuthError) running.failed(error)
      throw error
    }
  }

  /** Ends the interaction if its account signs out meanwhile, here or in another tab. */
  function endIfRemoved({ addsTo }: IncrementalRequest, { end }: Turn): () => void {
    return events.on('accountRemoved', ({ account }) => {
      if (addsTo && accountKey(account) === accountKey(addsTo))
        end(new AuthError('account_not_found', 'The account was removed meanwhile.'))
    })
  }

  return {
    redirect(request: IncrementalRequest, { why }: Occasion = {}): Promise<void> {
      check(request)
      const call = trace.begin(stepsOf(why))
      const correlationId = request.correlationId ?? platform.randomId()
      return traced(call, STEP.interaction, async () => {
        assertMayRedirect(page, config.interaction, why)
        // The turn ends soon after the navigation started; the caller's promise stays pending.
        const leaving = enqueue('redirect', request, async ({ signal }) => {
          assertOpen()
          const departure = await ways.depart({ ...request, correlationId }, signal, running)
          await departure.left
          return departure
        })
        const away = leaving.then(({ stayed }) => stayed)
        return shown(named(correlationId, stopWaitingOn(request.signal, away)))
      })
    },

    popup(
      request: IncrementalRequest,
      { opened, why }: Occasion = {},
    ): Promise<AuthenticationResult> {
      check(request)
      const call = trace.begin(stepsOf(why))
      let isOwn = false
      const correlationId = request.correlationId ?? platform.randomId()
      let offered = opened
      const inTurn = async (turn: Turn) => {
        const { signal } = turn
        isOwn = true
        assertOpen()
        const popup = openPopup(request, config.interaction, offered)
        offered = undefined
        turn.onJoined(popup.showAgain)
        turn.yieldWhile(() => popup.window().closed)
        const stop = endIfRemoved(request, turn)
        const about = { interaction: 'popup', purpose: 'token', correlationId } as const
        running.started(about, popup.window())
        try {
          return await ways.askInPopup({ ...request, correlationId }, popup, { signal, closed })
        } finally {
          stop()
          popup.close()
          running.ended(about)
        }
      }
      const ask = () => enqueue('popup', request, inTurn)
      const outcomeOf = () => (isOwn ? OUTCOME.done : OUTCOME.joined)
      const answering = traced(call, STEP.interaction, ask, outcomeOf)
      offered?.window.close() // The request has joined another request, or waits.
      offered = undefined
      return shown(named(correlationId, answering)).then((result) => retrace(result, call.steps))
    },

    sso(request: SsoRequest): Promise<AuthenticationResult> {
      check(request)
      const correlationId = request.correlationId ?? platform.randomId()
      const call = trace.begin()
      const asking = ({ signal }: Turn) => ways.askInFrame({ ...request, correlationId }, signal)
      const answering = traced(call, STEP.iframe, () => enqueue('sso', request, asking, true))
      return named(correlationId, answering).then((result) => retrace(result, call.steps))
    },
  }
}
