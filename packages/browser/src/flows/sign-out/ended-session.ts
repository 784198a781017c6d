/** The session that a provider ends (OpenID Connect Front-Channel Logout 1.0 section 3). */
export interface EndedSession {
  /** Not sent by every provider: Microsoft Entra ID sends the session alone. */
  readonly iss: string | undefined
  readonly sid: string
}

/**
 * Reads a front-channel logout request out of an address. `sid` must be there, once and not empty, and so must `iss` if
 * the address has one. An address with a `state` is a response.
 */
export function findEndedSession(href: string): EndedSession | undefined {
  const query = new URL(href).searchParams
  const [[sid, ...otherSids], [iss, ...otherIssuers]] = [query.getAll('sid'), query.getAll('iss')]
  const isClear = sid && iss !== '' && otherSids.length === 0 && otherIssuers.length === 0
  return isClear && !query.has('state') ? { iss, sid } : undefined
}
