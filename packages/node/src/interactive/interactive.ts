import { AuthError, abortedError, isAuthError, stopWaitingOn } from '@carnet/core'
import type { InteractiveRequest } from '../api/interactive.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { AuthorizationCode } from '../authorization/authorization-code.ts'
import type { Runtime } from '../context/runtime.ts'
import { namedCall } from '../tokens/named-call.ts'
import { startLoopbackServer } from './loopback-server.ts'
import { openSystemBrowser } from './open-browser.ts'

const DEFAULT_TIMEOUT_MS = 5 * 60_000

const PAGES = {
  success: page('You are signed in. You can close this page.'),
  failure: page('The sign-in failed. You can close this page, and try again.'),
}

function page(text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${text}</title><p>${text}</p></html>`
}

/** Creates the sign-in by the browser of the user (RFC 8252): the response arrives at a server on this machine. */
export function createInteractive(
  { config, platform }: Pick<Runtime, 'config' | 'platform'>,
  { prepare, redeem }: AuthorizationCode,
) {
  const registeredBefore =
    config.dialect.name === 'entra' ? 'http://localhost' : 'http://127.0.0.1/callback'

  async function signIn(request: InteractiveRequest): Promise<AuthenticationResult> {
    checkInteractive(request)
    const { redirectUri: registered = registeredBefore, openBrowser = openSystemBrowser } = request
    const { timeoutMs = DEFAULT_TIMEOUT_MS, pages = PAGES, signal } = request
    if (signal?.aborted) throw abortedError(signal)
    const state = platform.randomId()
    const server = await startLoopbackServer(registered, state)
    const ending = endOf(signal, timeoutMs)
    /** Resolves when the user sees the outcome. */
    let shown = Promise.resolve()
    try {
      const { url, waiting } = await prepare({ ...request, redirectUri: server.redirectUri }, state)
      await Promise.race([opened(openBrowser, url), ending.reached])
      const { response, show } = await Promise.race([server.arrived, ending.reached])
      // The code is redeemed also if the caller has stopped waiting meanwhile: the user has agreed.
      const redeemed = redeem(response, waiting)
      shown = redeemed.then(
        () => show(pages.success),
        () => show(pages.failure),
      )
      return (await stopWaitingOn(signal, redeemed)).result
    } finally {
      ending.clear()
      void shown.then(server.close)
    }
  }

  return (request: InteractiveRequest): Promise<AuthenticationResult> =>
    namedCall(request?.correlationId, () => signIn(request))
}

/** A promise that rejects when the caller aborts, or when the time is over. */
function endOf(signal: AbortSignal | undefined, timeoutMs: number) {
  let end: (error: AuthError) => void = () => undefined
  const reached = new Promise<never>((_resolve, reject) => {
    end = reject
  })
  reached.catch(() => undefined)
  const abort = () => signal && end(abortedError(signal))
  signal?.addEventListener('abort', abort, { once: true })
  const late = () =>
    end(new AuthError('sign_in_timeout', `The user did not finish within ${timeoutMs} ms.`))
  const timer = setTimeout(late, timeoutMs)
  return {
    reached,
    clear() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
    },
  }
}

async function opened(
  open: NonNullable<InteractiveRequest['openBrowser']>,
  url: string,
): Promise<void> {
  try {
    await open(url)
  } catch (cause) {
    if (isAuthError(cause)) throw cause
    throw new AuthError('browser_unavailable', '`openBrowser` failed.', { cause })
  }
}

const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:\d{1,5})?(\/[^?#]*)?$/

function checkInteractive(request: InteractiveRequest): void {
  const invalid = (message: string) => new AuthError('invalid_request', message)
  if (typeof request !== 'object' || request === null)
    throw invalid('The request must be an object with `scopes`.')
  const { redirectUri, openBrowser, timeoutMs } = request
  if (redirectUri !== undefined && !LOOPBACK.test(redirectUri))
    throw invalid('`redirectUri` must be http on 127.0.0.1, [::1] or localhost (RFC 8252).')
  if (openBrowser !== undefined && typeof openBrowser !== 'function')
    throw invalid('`openBrowser` must be a function.')
  if (timeoutMs !== undefined && !(typeof timeoutMs === 'number' && timeoutMs > 0))
    throw invalid('`timeoutMs` must be a number of milliseconds.')
}
