import { AuthError } from '@carnet/core'

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
 * @throws AuthError `invalid_response` for a code without `state`, and for a response with another `state`.
 */
export function responseInFrame(
  address: URL,
  state: string,
  redirectUri: string,
): URLSearchParams | undefined {
  if (pathOf(address) !== pathOf(new URL(redirectUri))) return undefined
  for (const text of [address.hash, address.search]) {
    const response = new URLSearchParams(text.slice(1))
    if (!response.has('code') && !response.has('error')) continue
    const carried = response.get('state')
    if (carried === state) return response
    if (carried === null && response.has('error')) {
      response.set('state', state)
      return response
    }
    const what = carried === null ? 'no `state`' : 'another `state`'
    throw new AuthError(
      'invalid_response',
      `The response in the hidden frame carries ${what} (RFC 6749 section 4.1.2).`,
    )
  }
  return undefined
}

/** Some hosts add a slash at the end, or take it away. */
const pathOf = ({ pathname }: URL) => pathname.replace(/\/$/, '')
