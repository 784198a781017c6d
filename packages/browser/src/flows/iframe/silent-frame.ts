import {
  AuthError,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  loginHintOf,
  parametersToRepeat,
  servesAccount,
} from '@carnet/core'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Runtime } from '../../context/runtime.ts'
import { loaded } from '../../startup/loaded.ts'
import type { Flow, StartRequest } from '../authorization/authorize.ts'
import { type FrameMemory, isSameHost } from './frame-memory.ts'
import { answerFromIframe } from './iframe.ts'

/** For how long a redirect page that turned out to be unusable is not tried again. */
const UNUSABLE_FOR_MS = 60_000

/** Requests to the provider in a hidden frame. */
export interface SilentFrame {
  /**
   * Asks the provider, and completes its response.
   *
   * @throws AuthError `interaction_required` if the frame finds no session; the errors of `answer`.
   */
  ask(request: StartRequest, signal: AbortSignal): Promise<AuthenticationResult>
  /** Sends one request through a frame, and waits for its response. */
  readonly answer: typeof answerFromIframe
}

/**
 * Asks the provider in a hidden frame, and learns by the outcome whether that works in this browser. A provider on
 * another host that knows nobody in the frame, although somebody signed in there from here, does not get its cookies;
 * nor is it worth another wait where it had no answer in the frame, and never had one.
 */
export function createSilentFrame(
  { accounts, config, page, platform }: Runtime,
  memory: FrameMemory,
  { start, outcome, forgetTransaction }: Flow,
  assertReachable: (authority: string) => Promise<void>,
): SilentFrame {
  let unusable: { readonly fault: AuthError; readonly untilMs: number } | undefined
  const authorityOf = (request: StartRequest) => request.authority ?? config.authority

  /** A provider may refuse a hint, as an ID token whose key it has replaced since: then it goes on without. */
  async function ask(request: StartRequest, signal: AbortSignal): Promise<AuthenticationResult> {
    try {
      return await askOnce(request, signal)
    } catch (error) {
      const isHintRefused =
        request.account && error instanceof AuthError && error.oauth?.error === 'invalid_request'
      if (!isHintRefused) throw error
      return askOnce({ ...request, omitsIdTokenHint: true }, signal)
    }
  }

  async function askOnce(
    request: StartRequest,
    signal: AbortSignal,
  ): Promise<AuthenticationResult> {
    const authority = authorityOf(request)
    if ((await memory.recall(authority)) === 'blocked') throw cookiesBlocked(request)
    if (unusable && platform.now() < unusable.untilMs) throw unusable.fault
    let current = await start({ ...request, prompt: 'none' }, 'iframe')
    let answered = false
    try {
      for (;;) {
        const { url, transaction } = current
        answered = false
        const { timeoutMs } = config.silent
        const response = await answerFromIframe({ ...transaction, url }, timeoutMs, signal)
        answered = true
        const { result, again } = await outcome(response, { held: transaction })
        if (again) current = again
        else {
          await memory.note(authority, 'works')
          return result
        }
      }
    } catch (error) {
      const { state, redirectUri } = current.transaction
      await forgetTransaction(state)
      const isSilent =
        !answered && (isAuthError(error, 'iframe_timeout') || isAuthError(error, 'iframe_refused'))
      if (isSilent) await assertUsablePage(redirectUri, error)
      // A frame does not say whether the provider is down, or refuses it; a request does.
      if (isSilent) await assertReachable(authority)
      const findsNobody = isInteractionRequired(error) && error.reason === 'login'
      if (!(isSilent || findsNobody) || isSameHost(authority, page.origin)) throw error
      const experience = await memory.recall(authority)
      if (experience === 'works') throw error
      if (findsNobody && experience !== 'expected' && !isHeldFrom(authority)) throw error
      memory.noteBlocked(authority)
      platform.log('info', `Hidden frames are of no use at ${authority}.`)
      throw findsNobody ? cookiesBlocked(request, error) : error
    }
  }

  /** Rejects where the app's own redirect page is to blame. */
  async function assertUsablePage(redirectUri: string, error: AuthError): Promise<void> {
    const look = loaded(import('./redirect-page.ts'))
    const looking = look.then((part) => part.redirectPageFault(redirectUri, error))
    const fault = await looking.catch(() => undefined)
    if (!fault) return
    unusable = { fault, untilMs: platform.now() + UNUSABLE_FOR_MS }
    throw fault
  }

  /** Somebody who signed in there is held here: the frame should have found a session. */
  const isHeldFrom = (authority: string) =>
    accounts.list().some((account) => servesAccount(authority, account, config.profile))

  return { ask, answer: answerFromIframe }
}

const hintOf = ({ scopes = [], account, authority, loginHint, ...request }: StartRequest) => ({
  scopes,
  account,
  authority,
  loginHint: loginHint ?? (account && loginHintOf(account)),
  resource: request.resource,
  claims: request.claims,
  ...parametersToRepeat(request),
})

const cookiesBlocked = (request: StartRequest, cause?: unknown) =>
  new InteractionRequiredError(
    'third_party_cookies',
    "The browser keeps the provider's cookies from the hidden frame, or the session there has ended.",
    hintOf(request),
    { cause, oauth: cause instanceof AuthError ? cause.oauth : undefined },
  )
