import { unusableInPopup } from '../response/unusable-response.ts'

/** The URL of an iframe while it shows a page of this origin; otherwise `undefined`. */
export function addressAtHome(frame: HTMLIFrameElement): URL | undefined {
  try {
    const { origin, href } = frame.contentWindow?.location ?? {}
    return origin === location.origin && href ? new URL(href) : undefined
  } catch {
    return undefined // Another origin: its URL cannot be read.
  }
}

/**
 * The response in the URL of the hidden iframe, so that a redirect page without Carnet works too. An error without `state`
 * counts as the response, because this iframe has only one request.
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
 * The response in the URL of a hidden iframe after its page has loaded.
 *
 * @throws AuthError `unusable_response` for a response that does not belong to this request.
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

/** The path without a slash at the end, because some hosts add or remove it. */
const pathOf = ({ pathname }: URL) => pathname.replace(/\/$/, '')
