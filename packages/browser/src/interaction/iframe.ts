import { AuthError } from '@carnet/core'
import { FRAME_NAME } from './frame-name.ts'
import { waitForAnswer } from './wait-for-answer.ts'

/** For how long a page of the provider may still go on by itself before it counts as shown. */
const GRACE_MS = 2000

/**
 * Asks the provider in a hidden frame (`prompt=none`). The frame may not navigate the page, and is gone
 * at the end, however it ends.
 *
 * @throws AuthError `timeout` where nothing loads, `iframe_refused` where a page is shown instead of an
 * answer, or framing is refused by the provider or by the page's own policy.
 */
export async function answerFromIframe(
  url: string,
  state: string,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<URLSearchParams> {
  const frame = document.createElement('iframe')
  frame.name = FRAME_NAME
  frame.hidden = true
  frame.setAttribute('aria-hidden', 'true')
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin allow-forms')

  const answering = waitForAnswer(state, signal, (fail) => {
    const patience = setTimeout(() => fail(timedOut(timeoutMs)), timeoutMs)
    let grace: ReturnType<typeof setTimeout> | undefined
    const onLoad = () => {
      clearTimeout(grace)
      // Our own page is on its way to hand the response over; any other is not an answer.
      const judge = () => !isOurs(frame) && fail(refused(PAGE_SHOWN))
      if (!isOurs(frame)) grace = setTimeout(judge, GRACE_MS)
    }
    const onViolation = (event: SecurityPolicyViolationEvent) =>
      isRefusalOf(url, event) && fail(refused(OWN_POLICY, event))
    frame.addEventListener('load', onLoad)
    document.addEventListener('securitypolicyviolation', onViolation)
    return () => {
      clearTimeout(patience)
      clearTimeout(grace)
      document.removeEventListener('securitypolicyviolation', onViolation)
      frame.remove()
    }
  })
  frame.src = url
  if (!signal.aborted) document.body.append(frame)
  return answering
}

/** A policy that only reports refuses nothing; and it may be another frame of the page that is refused. */
const isRefusalOf = (url: string, event: SecurityPolicyViolationEvent): boolean =>
  event.effectiveDirective === 'frame-src' &&
  event.disposition === 'enforce' &&
  event.blockedURI.startsWith(new URL(url).origin)

function isOurs(frame: HTMLIFrameElement): boolean {
  try {
    return frame.contentWindow?.location.origin === location.origin
  } catch {
    return false
  }
}

const PAGE_SHOWN = 'The provider showed a page in the hidden frame, or refused to be framed.'
const OWN_POLICY = "The page's Content-Security-Policy (frame-src) does not allow the provider."

const refused = (message: string, cause?: Event) =>
  new AuthError('iframe_refused', message, { cause })

const timedOut = (timeoutMs: number) =>
  new AuthError('timeout', `The hidden frame had no answer within ${timeoutMs} ms.`)
