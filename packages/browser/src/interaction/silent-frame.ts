import {
  AuthError,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  loginHintOf,
  parametersToRepeat,
  servesAccount,
} from '@carnet/core'
import type { AuthenticationResult } from '../result.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow, StartRequest } from './authorize.ts'
import { type FrameMemory, isOtherSite } from './frame-memory.ts'
import { answerFromIframe } from './iframe.ts'

/**
 * Asks the provider in a hidden frame, and learns whether that works in this browser. A provider of another
 * site that knows nobody in the frame, although somebody signed in there from here, does not get its cookies;
 * nor is it worth another wait where it had no answer in the frame, and never had one.
 */
export function createSilentFrame(
  { accounts, config, page, platform }: Runtime,
  memory: FrameMemory,
  { start, outcome, forgetTransaction }: Flow,
  assertReachable: (authority: string) => Promise<void>,
) {
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
    let current = await start({ ...request, prompt: 'none' }, 'iframe')
    let answered = false
    try {
      for (;;) {
        const { url, transaction } = current
        answered = false
        const { timeout } = config.silent
        const response = await answerFromIframe(url, transaction.state, timeout, signal)
        answered = true
        const { result, again } = await outcome(response, { held: transaction })
        if (again) current = again
        else {
          await memory.note(authority, 'works')
          return result
        }
      }
    } catch (error) {
      await forgetTransaction(current.transaction.state)
      const isSilent = !answered && (isAuthError(error, 'timeout') || isRefused(error))
      // A frame does not say whether the provider is down, or refuses it; a request does.
      if (isSilent) await assertReachable(authority)
      const findsNobody = isInteractionRequired(error) && error.reason === 'login'
      if (!(isSilent || findsNobody) || !isOtherSite(authority, page.origin)) throw error
      const experience = await memory.recall(authority)
      if (experience === 'works') throw error
      if (findsNobody && experience !== 'expected' && !isHeldFrom(authority)) throw error
      memory.noteBlocked(authority)
      platform.log('info', `Hidden frames are of no use at ${authority}.`)
      throw findsNobody ? cookiesBlocked(request, error) : error
    }
  }

  /** Somebody who signed in there is held here: the frame should have found a session. */
  const isHeldFrom = (authority: string) =>
    accounts.list().some((account) => servesAccount(authority, account, config.profile))

  return { ask }
}

/** Where the page's own policy refuses the frame, that costs nothing and tells nothing of cookies. */
const isRefused = (error: unknown) =>
  isAuthError(error, 'iframe_refused') && error.cause === undefined

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
    "The browser keeps the provider's cookies from the hidden frame.",
    hintOf(request),
    { cause, oauth: cause instanceof AuthError ? cause.oauth : undefined },
  )
