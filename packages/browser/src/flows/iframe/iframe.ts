import { AuthError } from '@carnet/core'
import { blockedByPolicy, watchPolicy } from '../../platform/own-policy.ts'
import { FRAME_NAME } from '../../startup/frame-name.ts'
import { waitForAnswer } from '../relay/wait-for-answer.ts'
import { unusablePage } from '../response/unusable-page.ts'
import { addressAtHome, answerIn, responseInFrame } from './frame-address.ts'

/** For how long a page of the provider may still go on by itself before it counts as shown. */
const GRACE_MS = 2000
/** How often to look at the address of the frame. It stands there long before the page has loaded. */
const LOOK_EVERY_MS = 4

/** The answer that a hidden frame is to bring. */
export interface FrameRequest {
  readonly url: string
  readonly state: string
  /** Where the response is sent to: a page of this origin. */
  readonly redirectUri: string
}

/**
 * Asks the provider in a hidden frame (`prompt=none`). The frame may not navigate the page, and is gone
 * at the end, however it ends.
 *
 * @throws AuthError `timeout` where nothing loads, `iframe_refused` where the provider shows a page instead of an
 * answer or refuses to be framed, `blocked_by_csp` where the page's own policy does not allow it,
 * `redirect_page_unusable` where the page at the redirect URI kept the response, `unusable_response` for one that is none.
 */
export async function answerFromIframe(
  { url, state, redirectUri }: FrameRequest,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  const frame = document.createElement('iframe')
  frame.name = FRAME_NAME
  frame.hidden = true
  frame.setAttribute('aria-hidden', 'true')
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms')

  const answering = waitForAnswer(state, signal, (fail, succeed) => {
    const patience = setTimeout(() => fail(tooLate()), timeoutMs)
    let grace: ReturnType<typeof setTimeout> | undefined
    // A page of ours that kept the response may be busy handing it over: only the end of the time tells.
    const tooLate = () =>
      addressAtHome(frame) ? unusablePage(redirectUri, KEPT_RESPONSE) : timedOut(timeoutMs)
    // The rest of the redirect page need not load. It is often the whole app, and may change its address.
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
        // A page of the provider may go on by itself; any that stays is not an answer.
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
  'it loaded, but neither handed the response over nor left it in its address, as an old copy from a cache or a service worker does, or a script that changes the address'

const refused = () =>
  new AuthError(
    'iframe_refused',
    'The provider showed a page in the hidden frame, or refused to be framed.',
  )

const timedOut = (timeoutMs: number) =>
  new AuthError('iframe_timeout', `The hidden frame had no answer within ${timeoutMs} ms.`)
