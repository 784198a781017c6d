/** The session that a provider ends (OpenID Connect Front-Channel Logout 1.0 section 3). */
export interface EndedSession {
  readonly iss: string
  readonly sid: string
}

/** Reads a front-channel logout request out of an address; both parameters must be there. */
export function findEndedSession(href: string): EndedSession | undefined {
  const query = new URL(href).searchParams
  const [iss, sid] = [query.get('iss'), query.get('sid')]
  return iss && sid && !query.has('state') ? { iss, sid } : undefined
}
