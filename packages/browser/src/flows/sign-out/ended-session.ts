/** The session that a provider ends (OpenID Connect Front-Channel Logout 1.0 section 3). */
export interface EndedSession {
  /** Not every provider sends it: Microsoft Entra ID sends only `sid`. */
  readonly iss: string | undefined
  readonly sid: string
}

/**
 * Reads a front-channel logout request from a URL. `sid` must occur once and not be empty, and so must `iss`, if the URL has
 * it. A URL with `state` is a response.
 */
export function findEndedSession(href: string): EndedSession | undefined {
  const query = new URL(href).searchParams
  const [[sid, ...otherSids], [iss, ...otherIssuers]] = [query.getAll('sid'), query.getAll('iss')]
  const isClear = sid && iss !== '' && otherSids.length === 0 && otherIssuers.length === 0
  return isClear && !query.has('state') ? { iss, sid } : undefined
}
