import { unusableInPopup } from '../response/unusable-response.ts'

/** The address of a frame whose page is of this origin; nothing while it shows anything else. */
export function addressAtHome(frame: HTMLIFrameElement): URL | undefined {
  try {
    const { origin, href } = frame.contentWindow?.location ?? {}
    return origin === location.origin && href ? new URL(href) : undefined
  } catch {
    return undefined // Another origin: its address cannot be read.
  }
}

/**
 * The response that stands in the address of the hidden frame, so that a redirect page without Carnet does too. An
 * error without `state` counts as the answer, for nothing else was asked in this frame.
 */
export function answerIn(
  address: URL,
  state: string,
  redirectUri: string,
): URLSearchParams | undefined {
  if (!isAt(redirectUri, address)) return undefined
  for (const text of [address.hash, address.search]) {
    const response = new URLSearchParams(text.slice(1))
    const isMute = response.get('state') === null && response.has('error')
    if (isMute) response.set('state', state)
    const isAnswer = response.has('code') || response.has('error')
    if (isAnswer && response.get('state') === state) return response
  }
  return undefined
}

/**
 * The response in the address of a hidden frame whose page has loaded.
 *
 * @throws AuthError `unusable_response` for any other response that is not one to this request.
 */
export function responseInFrame(
  address: URL,
  state: string,
  redirectUri: string,
): URLSearchParams | undefined {
  const answer = answerIn(address, state, redirectUri)
  const unusable =
    !answer && isAt(redirectUri, address) ? unusableInPopup(address.href, state) : undefined
  if (unusable) throw unusable
  return answer
}

const isAt = (redirectUri: string, address: URL) => pathOf(address) === pathOf(new URL(redirectUri))

/** Some hosts add a slash at the end, or take it away. */
const pathOf = ({ pathname }: URL) => pathname.replace(/\/$/, '')
