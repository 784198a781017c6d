import {
  AuthError,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
  loginHintOf,
  parametersToRepeat,
} from '@carnet/core'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { loaded } from '../../startup/page/loaded.ts'
import type { Flow, StartRequest } from '../authorization/authorization-request.ts'
import { answerFromIframe } from './iframe.ts'
import { type IframeSupport, isSameHost } from './iframe-support.ts'

/** An unusable redirect page is not tried again for this time. */
const UNUSABLE_FOR_MS = 60_000

/** Requests to the provider in a hidden iframe. */
export interface SilentIframe {
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
 * Sends requests in a hidden iframe, and learns from the result whether iframes work in this browser. If a provider on another
 * host finds no session in the iframe, although a user signed in there from this app, its cookies are blocked. If an iframe
 * never got a response, it is not tried again either.
 */
export function createSilentIframe(
  { accounts, config, page, platform }: Context,
  memory: IframeSupport,
  { start, outcome, forgetTransaction }: Flow,
  assertReachable: (authority: string) => Promise<void>,
): SilentIframe {
  let unusable: { readonly fault: AuthError; readonly untilMs: number } | undefined
  const authorityOf = (request: StartRequest) => request.authority ?? config.authority

  /** Repeats the request without `id_token_hint` if the provider refuses it, for example after a change of its keys. */
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
    const { iframeTimeoutMs: timeoutMs = config.silent.timeoutMs } = request
    if ((await memory.recall(authority)) === 'blocked') throw cookiesBlocked(request)
    if (unusable && platform.now() < unusable.untilMs) throw unusable.fault
    let current = await start({ ...request, prompt: 'none' }, 'iframe')
    let answered = false
    try {
      for (;;) {
        const { url, transaction } = current
        answered = false
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
      // A shorter timeout than usual says nothing about iframes in this browser.
      const isPatient = timeoutMs >= config.silent.timeoutMs
      const isSilent =
        !answered &&
        ((isPatient && isAuthError(error, 'iframe_timeout')) ||
          isAuthError(error, 'iframe_refused'))
      if (isSilent) await assertUsablePage(redirectUri, error)
      // An iframe cannot tell an outage from a refusal, but a request can.
      if (isSilent) await assertReachable(authority)
      const findsNobody = isInteractionRequired(error) && error.reason === 'login'
      if (!(isSilent || findsNobody) || isSameHost(authority, page.origin)) throw error
      const experience = await memory.recall(authority)
      if (experience === 'works') throw error
      if (findsNobody && experience !== 'expected' && !isHeldFrom(authority)) throw error
      memory.noteBlocked(authority)
      platform.log('info', `Hidden iframes do not work at ${authority}.`)
      throw findsNobody ? cookiesBlocked(request, error) : error
    }
  }

  /** Rejects if the app's own redirect page is the cause. */
  async function assertUsablePage(redirectUri: string, error: AuthError): Promise<void> {
    const look = loaded(import('./redirect-page.ts'))
    const looking = look.then((part) => part.redirectPageFault(redirectUri, error))
    const fault = await looking.catch(() => undefined)
    if (!fault) return
    unusable = { fault, untilMs: platform.now() + UNUSABLE_FOR_MS }
    throw fault
  }

  /** True if an account of the authority is signed in here: then the iframe should have found a session. */
  const isHeldFrom = (authority: string) =>
    accounts.list().some((account) => config.dialect.servesAccount(authority, account))

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
    'The hidden iframe got no cookies of the provider, or the session at the provider has ended.',
    hintOf(request),
    { cause, oauth: cause instanceof AuthError ? cause.oauth : undefined },
  )
