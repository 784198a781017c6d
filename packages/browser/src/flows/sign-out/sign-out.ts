import { type Account, AuthError, isAuthError } from '@carnet/core'
import type { SignOutRequest } from '../../api/requests.ts'
import type { Context } from '../../context/context.ts'
import type { OpenedPopup } from '../../startup/page/open-popup.ts'
import type { Turn } from '../authorization/queue.ts'
import type { InteractionDeps } from '../interaction/interact.ts'
import { openPopup } from '../popup/opened-popup.ts'
import { assertMayRedirect } from '../redirect/may-redirect.ts'
import { errorOf, type Navigation, type Stay } from '../redirect/redirect.ts'
import type { EndSession } from './end-session.ts'
import { createLetGo, createRecordOf, type LetGoDeps } from './let-go.ts'

/** The dependencies of a sign-out. */
export interface SignOutDeps extends Omit<InteractionDeps, 'ways' | 'events'>, LetGoDeps {
  readonly endSession: EndSession
}

/** A sign-out that leads to the provider. */
type Asked = Omit<SignOutRequest, 'account'> & {
  readonly account: Account | undefined
  readonly isForAll: boolean
  readonly interaction: 'redirect' | 'popup' | 'iframe'
  readonly correlationId: string
}

/** Signs out. */
export type SignOut = (request: SignOutRequest, opened?: OpenedPopup) => Promise<void>

/** @throws AuthError `invalid_request` if a hidden iframe would not come back to this origin. */
function assertComesBack(
  { postLogoutRedirectUri: own }: SignOutRequest,
  { postLogoutRedirectUri }: Context['config'],
  { origin }: Context['page'],
): void {
  const uri = own === undefined ? postLogoutRedirectUri : own
  if (uri !== null && new URL(uri, origin).origin === origin) return
  throw new AuthError(
    'invalid_request',
    'A sign-out in a hidden iframe needs a `postLogoutRedirectUri` on this origin.',
  )
}

/** Creates the sign-out. It always removes accounts and tokens here first, then ends the session at the provider. */
export function createSignOut(context: Context, deps: SignOutDeps): SignOut {
  const { config, page, platform, accounts } = context
  const { endSession, enqueue, assertOpen, closed, running } = deps
  const recordOf = createRecordOf(context)
  const letGo = createLetGo(context, deps)
  /** The account that is signing out: a second click means the same account. */
  let leaving: Account | undefined

  async function signOut(request: SignOutRequest, opened?: OpenedPopup): Promise<void> {
    const { interaction = 'redirect', correlationId = platform.randomId() } = request
    const isForAll = request.account === 'all'
    const named = request.account === 'all' ? undefined : request.account
    const account =
      named ?? accounts.active() ?? leaving ?? (isForAll ? accounts.list()[0] : undefined)
    if (!account && !isForAll) return // No account is signed in: the goal is reached.
    if (interaction === 'none') {
      const failure = await letGo(isForAll ? undefined : account, { ...request, correlationId })
      if (failure !== undefined) throw failure
      return
    }
    if (interaction === 'redirect') assertMayRedirect(page, config.interaction)
    if (interaction === 'iframe') assertComesBack(request, config, page)
    const asked = { ...request, interaction, account, isForAll, correlationId }
    let offered = opened
    const leave = (turn: Turn) => {
      const taken = offered
      offered = undefined
      return inTurn(asked, turn, taken)
    }
    const ending = enqueue('signOut', asked, leave)
    offered?.window.close() // The request has joined another request, or waits.
    offered = undefined
    const { failure, departure } = await ending
    const stay = await departure?.stayed
    if (failure !== undefined) throw failure
    // The account was removed here, but the provider's session may continue.
    if (stay && stay.why !== 'restored') throw errorOf(stay)
  }

  async function inTurn(
    request: Asked,
    turn: Turn,
    opened: OpenedPopup | undefined,
  ): Promise<{ failure: unknown; departure?: Navigation<Stay> | undefined }> {
    const { signal } = turn
    assertOpen()
    const { account, correlationId, interaction, isForAll } = request
    // The user sees nothing of a hidden iframe.
    const about =
      interaction !== 'iframe' && ({ interaction, purpose: 'signOut', correlationId } as const)
    const record = account && (isForAll ? accounts.record(account) : recordOf(account))
    leaving = account
    const popup =
      interaction === 'popup' ? openPopup(request, config.interaction, opened) : undefined
    if (popup) {
      turn.onJoined(popup.showAgain)
      turn.yieldWhile(() => popup.window().closed)
    }
    if (about) running.started(about, popup?.window())
    let failure: unknown
    let departure: Navigation<Stay> | undefined
    try {
      failure = await letGo(isForAll ? undefined : account, request)
      departure = await endSession(request, record, popup, { signal, closed })
      await departure?.left
      return { failure, departure }
    } catch (error) {
      // The account was removed, whether the popup came back or not.
      if (!isAuthError(error, 'user_cancelled')) throw error
      return { failure }
    } finally {
      leaving = undefined
      popup?.close()
      // A page that leaves ends the interaction only if it stays after all.
      if (about && departure) void departure.stayed.then(() => running.ended(about))
      else if (about) running.ended(about)
    }
  }

  return signOut
}
