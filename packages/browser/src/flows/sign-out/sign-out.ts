import {
  type Account,
  type AccountRecord,
  AuthError,
  isAuthError,
  refreshTokenKey,
} from '@carnet/core'
import type { SignOutRequest } from '../../api/requests.ts'
import type { Context } from '../../context/context.ts'
import type { RemoveAccount } from '../../context/remove-account.ts'
import type { OpenedPopup } from '../../startup/page/open-popup.ts'
import type { Turn } from '../authorization/queue.ts'
import type { InteractionDeps } from '../interaction/interact.ts'
import { openPopup } from '../popup/opened-popup.ts'
import { assertMayRedirect } from '../redirect/may-redirect.ts'
import { errorOf, type Navigation, type Stay } from '../redirect/redirect.ts'
import type { EndSession } from './end-session.ts'

/** The dependencies of a sign-out. */
export interface SignOutDeps extends Omit<InteractionDeps, 'ways' | 'events' | 'running'> {
  readonly endSession: EndSession
  /** Revokes the refresh token at the provider (RFC 7009). */
  revoke(refreshToken: string, authority: string): Promise<void>
  readonly removeAccount: RemoveAccount
}

/** Signs out. */
export type SignOut = (request: SignOutRequest, opened?: OpenedPopup) => Promise<void>

/** Creates the sign-out. It always removes accounts and tokens here first, then ends the session at the provider. */
export function createSignOut(context: Context, deps: SignOutDeps): SignOut {
  const { config, page, cache, accounts } = context
  const { endSession, revoke, removeAccount, enqueue, assertOpen, closed } = deps
  /** The account that is signing out: a second click means the same account. */
  let leaving: Account | undefined

  async function signOut(request: SignOutRequest, opened?: OpenedPopup): Promise<void> {
    const { interaction = 'redirect' } = request
    const account = request.account ?? accounts.active() ?? leaving
    if (!account) return // No account is signed in: the goal is reached.
    if (interaction === 'none') {
      const failure = await letGo(recordOf(account), request)
      if (failure !== undefined) throw failure
      return
    }
    if (interaction === 'redirect') assertMayRedirect(page, config.interaction)
    const asked = { ...request, interaction, account }
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
    request: SignOutRequest & { account: Account },
    turn: Turn,
    opened: OpenedPopup | undefined,
  ): Promise<{ failure: unknown; departure?: Navigation<Stay> | undefined }> {
    const { signal } = turn
    assertOpen()
    const record = recordOf(request.account)
    leaving = request.account
    const popup =
      request.interaction === 'popup'
        ? openPopup(config.interaction.popupFeatures, opened)
        : undefined
    if (popup) {
      turn.onJoined(popup.showAgain)
      turn.yieldWhile(() => popup.window().closed)
    }
    let failure: unknown
    try {
      failure = await letGo(record, request)
      const departure = await endSession(request, record, popup, { signal, closed })
      await departure?.left
      return { failure, departure }
    } catch (error) {
      // The account was removed, whether the popup came back or not.
      if (!isAuthError(error, 'user_cancelled')) throw error
      return { failure }
    } finally {
      leaving = undefined
      popup?.close()
    }
  }

  function recordOf(account: Account): AccountRecord {
    const record = accounts.record(account)
    if (!record) throw new AuthError('account_not_found', 'The account is not signed in here.')
    return record
  }

  /** Removes the account here. Returns the failure of a requested revocation. */
  async function letGo(
    { account, authority }: AccountRecord,
    { interaction, revoke: revokes }: SignOutRequest,
  ): Promise<unknown> {
    const refreshTokens = revokes ? await cache.refreshTokens(account) : []
    const isSame = (other: Account) => refreshTokenKey(other) === refreshTokenKey(account)
    // The session belongs to the user: remove the accounts of all tenants.
    const ending = interaction === 'none' ? [account] : accounts.list().filter(isSame)
    for (const other of ending) await removeAccount(other, true)
    const revoking = refreshTokens.map(({ token }) => revoke(token, authority))
    return Promise.all(revoking).then(
      () => undefined,
      (error: unknown) => error,
    )
  }

  return signOut
}
