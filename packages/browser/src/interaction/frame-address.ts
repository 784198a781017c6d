import { unusableInPopup } from './unusable-response.ts'

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
 *
 * @throws AuthError `unusable_response` for any other response that is not one to this request.
 */
export function responseInFrame(
  address: URL,
  state: string,
  redirectUri: string,
): URLSearchParams | undefined {
  if (pathOf(address) !== pathOf(new URL(redirectUri))) return undefined
  for (const text of [address.hash, address.search]) {
    const response = new URLSearchParams(text.slice(1))
    const isMute = response.get('state') === null && response.has('error')
    if (isMute) response.set('state', state)
    const isAnswer = response.has('code') || response.has('error')
    if (isAnswer && response.get('state') === state) return response
  }
  const unusable = unusableInPopup(address.href, state)
  if (unusable) throw unusable
  return undefined
}

/** Some hosts add a slash at the end, or take it away. */
const pathOf = ({ pathname }: URL) => pathname.replace(/\/$/, '')
