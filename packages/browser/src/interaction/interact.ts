import { type Account, AuthError, accountKey, assertAskable, stopWaitingOn } from '@carnet/core'
import type { Events } from '../announce.ts'
import { loaded } from '../load-network.ts'
import type { Network } from '../network.ts'
import type { InteractiveRequest, SsoRequest } from '../requests.ts'
import type { AuthenticationResult } from '../result.ts'
import type { Runtime } from '../runtime.ts'
import { openPopup } from './popup-window.ts'
import { interactionQueueOf, type Turn } from './queue.ts'
import { createRedirect, type Departure } from './redirect.ts'
import { clientMark } from './state.ts'

/** A request, and the account whose grant it adds to. */
type IncrementalRequest = InteractiveRequest & { readonly addsTo?: Account | undefined }

export type Interact = ReturnType<typeof createInteract>

/** Every way to ask the user, one at a time per page. */
export function createInteract(
  runtime: Runtime,
  events: Events,
  network: () => Promise<Network>,
  assertOpen: () => void,
) {
  const { config, platform } = runtime
  const enqueue = interactionQueueOf(clientMark(config.cache.name, config.clientId))
  const depart = createRedirect(runtime, events, network)

  /** Before a window opens, or anybody waits. */
  const check = ({ scopes = [], extraScopesToConsent = [] }: InteractiveRequest) =>
    assertAskable(scopes, extraScopesToConsent, config.profile)

  async function named<T>(correlationId: string, work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (error instanceof AuthError) error.correlationId ??= correlationId
      throw error
    }
  }

  return {
    /** Never resolves: the page is left. Rejects where the user comes back without an answer. */
    async redirect(request: IncrementalRequest): Promise<never> {
      check(request)
      const correlationId = request.correlationId ?? platform.randomId()
      const leaving = new Promise<Departure>((resolve, reject) => {
        // The turn ends soon after the page has set out; the caller's promise lives on.
        const turn = enqueue(keyOf('redirect', request), request.signal, async ({ signal }) => {
          assertOpen()
          const departure = await depart({ ...request, correlationId }, signal)
          resolve(departure)
          await departure.left
          return departure
        })
        turn.then(resolve, reject)
      })
      return named(
        correlationId,
        leaving.then(({ cameBack }) => cameBack),
      )
    },

    /** Opens a window at once, if it is this request's turn. */
    popup(request: IncrementalRequest): Promise<AuthenticationResult> {
      check(request)
      const correlationId = request.correlationId ?? platform.randomId()
      const inTurn = async ({ signal, onJoined }: Turn) => {
        assertOpen() // It may have been closed while this waited its turn.
        const popup = openPopup(config.interaction.popupFeatures)
        onJoined(() => popup.showAgain())
        events.emit('interactionStarted', { interaction: 'popup' })
        try {
          const { answerFromPopup } = await loaded(import('./popup.ts'))
          const timeoutMs = config.interaction.timeout
          const asked = { ...request, correlationId }
          return await answerFromPopup(asked, popup, { signal, timeoutMs }, await network())
        } finally {
          popup.close()
          events.emit('interactionEnded', { interaction: 'popup' })
        }
      }
      return named(correlationId, enqueue(keyOf('popup', request), request.signal, inTurn))
    },

    /** Asks nobody: a session of the provider answers, or it does not. */
    sso(request: SsoRequest): Promise<AuthenticationResult> {
      check(request)
      const correlationId = request.correlationId ?? platform.randomId()
      const asking = async () => {
        const { sso } = await network()
        return sso({ ...request, correlationId }, request.signal ?? new AbortController().signal)
      }
      return named(correlationId, stopWaitingOn(request.signal, asking()))
    },
  }
}

/** Equal requests, equal keys: what only names the caller is left out. */
function keyOf(interaction: string, request: IncrementalRequest): string {
  const { signal: _signal, correlationId: _id, account, addsTo: _base, ...asked } = request
  const fields = Object.entries({ ...asked, account: account && accountKey(account) })
  return JSON.stringify([interaction, fields.filter(([, value]) => value !== undefined).sort()])
}
