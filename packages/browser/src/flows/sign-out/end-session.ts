import { type AccountRecord, AuthError, isAuthError, loginHintOf } from '@carnet/core'
import { type EndSessionPlan, endSessionPlan, type MetadataSource } from '@carnet/core/network'
import type { SignOutRequest } from '../../api/requests.ts'
import type { Context } from '../../context/context.ts'
import { loaded } from '../../startup/page/loaded.ts'
import { createState } from '../authorization/state.ts'
import type { IframeSupport } from '../iframe/iframe-support.ts'
import type { Popup } from '../popup/opened-popup.ts'
import type { PopupFlow, PopupTurn } from '../popup/popup.ts'
import { whileEmpty } from '../popup/while-empty.ts'
import { mayLeave } from '../redirect/may-leave.ts'
import { type Navigation, navigateAway, type Stay } from '../redirect/redirect.ts'
import type { LoopBreaker } from '../redirect/redirect-loop.ts'
import { postedSignOuts } from '../relay/posted-sign-outs.ts'

/** Ends the session of the provider, in the popup if there is one. */
export type EndSession = (
  request: SignOutRequest,
  /** The account that signs out; `undefined` if nobody is signed in. */
  record: AccountRecord | undefined,
  popup: Popup | undefined,
  turn: PopupTurn,
) => Promise<Navigation<Stay> | undefined>

/**
 * Ends the provider's session (OpenID Connect RP-Initiated Logout 1.0). It leaves the page, or navigates the popup and waits
 * until the popup is back or closed, or until the timeout.
 */
export function createEndSession(
  { config, page, platform, store }: Context,
  metadataOf: MetadataSource,
  { responseFrom }: PopupFlow,
  { noteEnd }: IframeSupport,
  loops: LoopBreaker,
): EndSession {
  const { clientId, dialect } = config

  /** A provider that needs the ID token gets it by POST. */
  const mayPost = (authority: string) =>
    dialect.postsEndSession &&
    // The function of the app gets the whole request in the URL.
    !config.interaction.leave &&
    !postedSignOuts.hasFailed(authority, platform.now())

  return async function endSession(
    request: Omit<SignOutRequest, 'account'>,
    record: AccountRecord | undefined,
    popup: Popup | undefined,
    turn: PopupTurn,
  ): Promise<Navigation<Stay> | undefined> {
    const authority = request.authority ?? record?.authority ?? config.authority
    // Do not send data of an account to another issuer.
    const known = record && dialect.servesAccount(authority, record.account) ? record : undefined
    const { postLogoutRedirectUri = config.postLogoutRedirectUri } = request
    const { idTokenHint, method, extraParameters } = { ...config.signOut, ...given(request) }
    const returnUri = postLogoutRedirectUri && new URL(postLogoutRedirectUri, page.origin).href
    const isFramed = request.interaction === 'iframe'
    const kind = popup || isFramed ? 'signOut' : 'signOutRedirect'
    // The provider returns `state` with the user; without a redirect URI it is not needed.
    const state =
      popup || returnUri ? createState(config.mark, kind, platform.randomId()) : undefined
    const redirect = kind === 'signOut' ? undefined : loops.admit()
    const finding = metadataOf(authority)
    const metadata = await (popup ? whileEmpty(popup.window, turn.signal, finding) : finding)
    const plan = endSessionPlan(metadata, {
      clientId,
      idTokenHint: idTokenHintOf(idTokenHint, known),
      logoutHint: logoutHintOf(request, known?.account.idTokenClaims.login_hint),
      accountHint: request.logoutHint === null || !known ? undefined : loginHintOf(known.account),
      postLogoutRedirectUri: returnUri ?? undefined,
      state,
      extraParameters: { ...config.signOut.extraParameters, ...extraParameters },
      method: isFramed || (method === 'auto' && !mayPost(authority)) ? 'get' : method,
    })
    if (plan === undefined)
      throw new AuthError('end_session_unsupported', `${authority} has no end-session endpoint.`)
    await noteEnd(authority)
    if (isFramed && state) {
      const part = await loaded(import('./sign-out-frame.ts'))
      await part.endSessionInFrame(plan.url, state, config.silent.timeoutMs, turn.signal)
      return undefined
    }
    if (plan.form && returnUri && state) postedSignOuts.note(authority, state, platform.now())
    if (!popup || !state) {
      if (!(await mayLeave(config.interaction, plan.url, 'signOut'))) return undefined
      if (request.state !== undefined && state) await keepState(state, request.state)
      redirect?.leave()
      return navigateAway(plan, page)
    }
    await comeBack(popup, plan, state, turn)
    return undefined
  }

  async function keepState(state: string, appState: string): Promise<void> {
    const { signOutToStore } = await loaded(import('./complete-sign-out.ts'))
    await store.write([signOutToStore(config.partition, state, appState, platform.now())])
  }

  async function comeBack(
    popup: Popup,
    plan: EndSessionPlan,
    state: string,
    turn: PopupTurn,
  ): Promise<void> {
    try {
      await responseFrom(popup, plan, state, turn)
      postedSignOuts.noteReturn(state)
    } catch (error) {
      if (!isAuthError(error, 'popup_timeout')) throw error
    }
  }
}

const idTokenHintOf = (hint: boolean | string, known: AccountRecord | undefined) =>
  typeof hint === 'string' ? hint : hint ? known?.idToken : undefined

function logoutHintOf({ logoutHint }: SignOutRequest, ownHint: unknown): string | undefined {
  if (logoutHint === null) return undefined
  return logoutHint ?? (typeof ownHint === 'string' ? ownHint : undefined)
}

/** The fields of the request, which override the client options. */
function given({ idTokenHint, method, extraParameters }: SignOutRequest) {
  return {
    ...(idTokenHint !== undefined && { idTokenHint }),
    ...(method !== undefined && { method }),
    ...(extraParameters !== undefined && { extraParameters }),
  }
}
