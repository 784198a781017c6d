import { AuthError } from '@carnet/core'
import { blockedByPolicy, watchPolicy } from '../../platform/own-policy.ts'
import { waitForAnswer } from '../relay/wait-for-answer.ts'
import { unusablePage } from '../response/unusable-page.ts'
import { createHiddenFrame } from './hidden-frame.ts'
import { addressAtHome, answerIn, responseInFrame } from './iframe-address.ts'

/** A page of the provider may navigate on for this time, before it counts as shown to the user. */
const GRACE_MS = 2000
/** The interval for reading the URL of the iframe. The URL is there long before the page has loaded. */
const LOOK_EVERY_MS = 4

/** The request of a hidden iframe. */
export interface FrameRequest {
  readonly url: string
  readonly state: string
  /** The redirect URI of the response: a page of this origin. */
  readonly redirectUri: string
}

/**
 * Sends an authorization request in a hidden iframe (`prompt=none`). The iframe cannot navigate the page, and is always
 * removed at the end.
 *
 * @throws AuthError `iframe_timeout` if no response arrives; `iframe_refused` if the provider shows a page, or refuses to be
 * framed; `blocked_by_csp` if the page's own policy blocks the iframe; `redirect_page_unusable` if the page at the redirect
 * URI keeps the response; `unusable_response` for an invalid response.
 */
export async function answerFromIframe(
  { url, state, redirectUri }: FrameRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  const frame = createHiddenFrame()

  const answering = waitForAnswer(state, signal, (fail, succeed) => {
    const patience = setTimeout(() => fail(tooLate()), timeoutMs)
    let grace: ReturnType<typeof setTimeout> | undefined
    // A page of this origin may still be busy with the response: only the timeout shows that it kept the response.
    const tooLate = () =>
      addressAtHome(frame) ? unusablePage(redirectUri, KEPT_RESPONSE) : timedOut(timeoutMs)
    // Do not wait until the redirect page has loaded: it is often the whole app, and may change its URL.
    const look = () => {
      const address = addressAtHome(frame)
      const response = address && answerIn(address, state, redirectUri)
      if (response) succeed(response)
    }
    const looking = setInterval(look, LOOK_EVERY_MS)
    const onLoad = () => {
      clearTimeout(grace)
      const address = addressAtHome(frame)
      if (!address) {
        // A page of the provider may navigate on; a page that stays is no response.
        const judge = () => !addressAtHome(frame) && fail(refused())
        grace = setTimeout(judge, GRACE_MS)
        return
      }
      try {
        const response = responseInFrame(address, state, redirectUri)
        if (response) succeed(response)
      } catch (error) {
        fail(error)
      }
    }
    const asked = new URL(url).origin
    const isOfFrame = (uri: string) => uri.startsWith(asked) || uri.startsWith(location.origin)
    const policy = watchPolicy('frame-src', isOfFrame, () =>
      fail(blockedByPolicy('frame-src', `${asked} and 'self'`)),
    )
    frame.addEventListener('load', onLoad)
    return () => {
      clearInterval(looking)
      clearTimeout(patience)
      clearTimeout(grace)
      policy.stop()
      frame.remove()
    }
  })
  frame.src = url
  if (!signal.aborted) document.body.append(frame)
  return answering
}

const KEPT_RESPONSE =
  'it loaded without the response: check for an old copy in a cache or a service worker, and for a script that changes the URL'

const refused = () =>
  new AuthError(
    'iframe_refused',
    'The provider showed a page in the hidden iframe, or refused to be framed.',
  )

const timedOut = (timeoutMs: number) =>
  new AuthError('iframe_timeout', `The hidden iframe got no response within ${timeoutMs} ms.`)
