import { AuthError, stopWaitingOn } from '@carnet/core'
import { AWAITED } from '@carnet/core/base'
import type { Context } from '../../context/context.ts'
import type { Destination } from '../../platform/destination.ts'
import type { Page } from '../../platform/page.ts'
import type { StoppedNavigation } from '../../platform/page-navigation.ts'
import { shareOnPage } from '../../startup/page/shared-on-page.ts'
import type { ClientStore } from '../../storage/open-store.ts'
import type { Flow, StartRequest } from '../authorization/authorization-request.ts'
import type { RunningInteractions } from '../authorization/running.ts'
import { mayLeave } from './may-leave.ts'
import type { LoopBreaker } from './redirect-loop.ts'

/** A navigation in progress blocks another navigation by a second click for this time. */
const LEAVING_MS = 2000
/**
 * A page that is still shown after this time counts as not left. The response is a download or has no content, or a native app
 * has opened the URL. A slow provider may still answer later.
 */
const STILL_SHOWN_AFTER_MS = 10_000

/** The reason why the user is still on the page, or on the page again. */
export type Stay =
  /** The page was restored from the back-forward cache. */
  | { readonly why: 'restored' }
  /** The navigation certainly stopped. */
  | ({ readonly why: 'stopped' } & StoppedNavigation)
  /** The page is shown for a long time; the navigation may still continue. */
  | { readonly why: 'stillShown'; readonly wasQuestioned: boolean }

/** A started navigation of the page. */
export interface Navigation<T> {
  /** Resolves when the next interaction may start. */
  readonly left: Promise<void>
  /** Settles if the user is still on the page, or on the page again. */
  readonly stayed: Promise<T>
}

/**
 * Leaves the page. Within a limited time the page is left, or `stayed` has the reason why it was not.
 *
 * @param awaited The note about the pending response of the tab; see `noteOf`.
 */
export function navigateAway(
  destination: Destination,
  page: Page,
  awaited?: string,
): Navigation<Stay> {
  if (awaited !== undefined) page.setTabNote(AWAITED, awaited)
  shareOnPage('leaving1', '', true)
  const { stopped, wasQuestioned, end } = page.navigate(destination)
  const stayed = new Promise<Stay>((resolve) => {
    const settle = (stay: Stay) => {
      shareOnPage('leaving1', '', false)
      if (stay.why !== 'stillShown') page.tabNote(AWAITED, 'removed')
      clearTimeout(timer)
      stopListening()
      end()
      resolve(stay)
    }
    const whenStillShown = () => settle({ why: 'stillShown', wasQuestioned: wasQuestioned() })
    const timer = setTimeout(whenStillShown, STILL_SHOWN_AFTER_MS)
    // A timer that expired in the back-forward cache would fire before the event that the page was restored.
    const stopStored = page.onStored(() => clearTimeout(timer))
    const stopRestored = page.onRestored(() => settle({ why: 'restored' }))
    const stopListening = () => {
      stopStored()
      stopRestored()
    }
    void stopped.then((how) => settle({ why: 'stopped', ...how }))
  })
  const left = new Promise<void>((resolve) => setTimeout(resolve, LEAVING_MS))
  return { left: Promise.race([stayed.then(() => undefined), left]), stayed }
}

/**
 * The note of a tab that leaves and waits for the response to `state`. Without IndexedDB the `state` is the key to the
 * transaction in the storage of this tab (`tab-transactions.ts`). Then the note has only its public beginning: client and kind.
 */
export const noteOf = (state: string, store: Pick<ClientStore, 'isDegraded'>): string =>
  store.isDegraded() ? state.replace(/\..*/, '.') : state

/** The error of an interaction whose page was not left, or was restored. */
export function errorOf(stay: Stay): AuthError {
  if (stay.why === 'restored')
    return new AuthError('user_cancelled', 'The user came back without a response of the provider.')
  if (stay.why === 'stopped' && stay.by === 'page')
    return new AuthError('navigation_stopped', 'The page or the browser stopped the navigation.', {
      cause: stay.cause,
    })
  if (stay.why === 'stopped' || stay.wasQuestioned)
    return new AuthError('user_cancelled', 'The user was asked whether to leave, and stayed.')
  return new AuthError(
    'navigation_stopped',
    `The page is still shown ${STILL_SHOWN_AFTER_MS / 1000} seconds after the navigation began.`,
  )
}

/** Redirects to the provider with an authorization request. */
export type StartRedirect = (
  request: StartRequest,
  signal: AbortSignal,
  running: RunningInteractions,
) => Promise<Navigation<void>>

/** Creates the redirect flow up to the navigation. The rest happens in the page that loads with the response. */
export function createStartRedirect(
  { config, page, platform, store }: Context,
  { start, forgetTransaction }: Flow,
  loops: LoopBreaker,
): StartRedirect {
  return async function startRedirect(
    request: StartRequest,
    signal: AbortSignal,
    running: RunningInteractions,
  ): Promise<Navigation<void>> {
    const { leave, trail } = loops.admit()
    const starting = start({ ...request, trail }, 'redirect')
    const { url, transaction } = await stopWaitingOn(signal, starting)
    signal.throwIfAborted()
    const { correlationId } = request
    const about = { interaction: 'redirect', purpose: 'token', correlationId } as const
    running.started(about)
    const isAllowed = await mayLeave(config.interaction, url, 'signIn').catch(async (error) => {
      running.ended(about)
      await forgetTransaction(transaction.state)
      throw error
    })
    if (!isAllowed) {
      running.ended(about)
      return { left: Promise.resolve(), stayed: Promise.resolve() }
    }
    platform.log('info', `Leaving for ${transaction.authority} (${transaction.correlationId}).`)
    leave()
    const { left, stayed } = navigateAway({ url }, page, noteOf(transaction.state, store))
    const failed = stayed.then(async (stay) => {
      running.ended(about)
      // If the page is only still shown, a slow provider may still answer: then the response needs the transaction.
      if (stay.why !== 'stillShown')
        await forgetTransaction(transaction.state).catch(() => undefined)
      throw errorOf(stay)
    })
    failed.catch(() => undefined)
    return { left, stayed: failed }
  }
}
