import { type AccountRecord, AuthError, isAuthError } from '@carnet/core'
import { endSessionUrl, type MetadataSource } from '@carnet/core/network'
import type { SignOutRequest } from '../requests.ts'
import type { Runtime } from '../runtime.ts'
import { createState } from './create-state.ts'
import type { FrameMemory } from './frame-memory.ts'
import { type Departure, leaveFor, type Stay } from './leave.ts'
import { whileEmpty } from './open-window.ts'
import type { PopupFlow, PopupTurn } from './popup.ts'
import type { Popup } from './popup-window.ts'

/**
 * Ends the provider's session (OpenID Connect RP-Initiated Logout 1.0): leaves the page, or sends the window
 * there and waits until it is back or closed, or has had its time.
 */
export function createEndSession(
  { config, page, platform }: Runtime,
  metadataOf: MetadataSource,
  { responseFrom }: PopupFlow,
  { noteEnd }: FrameMemory,
) {
  const { clientId } = config

  return async function endSession(
    request: SignOutRequest,
    { account, idToken, authority }: AccountRecord,
    popup: Popup | undefined,
    turn: PopupTurn,
  ): Promise<Departure<Stay> | undefined> {
    const { logoutHint, postLogoutRedirectUri = config.postLogoutRedirectUri } = request
    const ownHint = account.idTokenClaims.login_hint
    const state = popup && createState(config.mark, 'signOut', platform.randomId())
    const finding = metadataOf(authority)
    const metadata = await (popup ? whileEmpty(popup.window, turn.signal, finding) : finding)
    const url = endSessionUrl(metadata, {
      clientId,
      idTokenHint: idToken,
      logoutHint: logoutHint ?? (typeof ownHint === 'string' ? ownHint : undefined),
      postLogoutRedirectUri: new URL(postLogoutRedirectUri, page.origin).href,
      state,
    })
    if (url === undefined)
      throw new AuthError('end_session_unsupported', `${authority} has no end-session endpoint.`)
    await noteEnd(authority)
    if (!popup || !state) return leaveFor(url, page)
    await responseFrom(popup, url, state, turn).catch((error) => {
      if (!isAuthError(error, 'timeout')) throw error
    })
    return undefined
  }
}
