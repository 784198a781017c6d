import {
  type Account,
  AuthError,
  InteractionRequiredError,
  isAuthError,
  isInteractionRequired,
} from '@carnet/core'
import type { AuthenticationResult } from '../result.ts'
import type { Runtime } from '../runtime.ts'
import type { Flow, StartRequest } from './authorize.ts'
import { type FrameMemory, isOtherSite } from './frame-memory.ts'
import { answerFromIframe } from './iframe.ts'

/** Asks the provider in a hidden frame, and learns whether that works in this browser. */
export function createSilentFrame(
  { config, page, platform }: Runtime,
  memory: FrameMemory,
  { start, complete, forgetTransaction }: Flow,
) {
  const authorityOf = (request: StartRequest) => request.authority ?? config.authority

  async function ask(request: StartRequest, signal: AbortSignal): Promise<AuthenticationResult> {
    const authority = authorityOf(request)
    if ((await memory.recall(authority)) === 'blocked') throw cookiesBlocked(request)
    const { url, transaction } = await start({ ...request, prompt: 'none' }, 'iframe')
    const { state } = transaction
    try {
      const response = await answerFromIframe(url, state, config.silent.timeout, signal)
      const result = await complete(response, transaction)
      await memory.note(authority, 'works')
      return result
    } catch (error) {
      await forgetTransaction(state)
      if (await meansBlocked(error, request)) {
        await memory.note(authority, 'blocked')
        platform.log('info', `Hidden frames find no session at ${authority}.`)
        throw cookiesBlocked(request, error)
      }
      throw error
    }
  }

  /**
   * The provider knows nobody in the frame, although somebody signed in there from here, and a frame
   * never worked: then the browser keeps the provider's cookies from the frame.
   */
  async function meansBlocked(error: unknown, request: StartRequest): Promise<boolean> {
    const authority = authorityOf(request)
    return (
      isInteractionRequired(error) &&
      error.reason === 'login' &&
      request.account !== undefined &&
      isOtherSite(authority, page.origin) &&
      (await memory.recall(authority)) !== 'works'
    )
  }

  /** A frame that fails otherwise leaves the user as the only way. */
  function asNeedOfUser(error: unknown, account: Account, request: StartRequest): unknown {
    if (!isAuthError(error, 'timeout') && !isAuthError(error, 'iframe_refused')) return error
    const { scopes = [], resource } = request
    return new InteractionRequiredError(
      'iframe_failed',
      error.message,
      { scopes, resource, loginHint: account.username },
      { cause: error },
    )
  }

  return { ask, asNeedOfUser }
}

const cookiesBlocked = (
  { scopes = [], resource, account, loginHint = account?.username }: StartRequest,
  cause?: unknown,
) =>
  new InteractionRequiredError(
    'third_party_cookies',
    "The browser keeps the provider's cookies from the hidden frame.",
    { scopes, resource, loginHint },
    { cause, oauth: cause instanceof AuthError ? cause.oauth : undefined },
  )
