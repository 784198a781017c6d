import type { EntraUser } from '../directory/options.ts'
import type { Answer, Call } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import type { Federation } from '../state/federation.ts'

interface TicketUser {
  readonly user: EntraUser
  /** The token that proves the identity of the server; empty if there is none. */
  readonly answer: string
}

/** Asks for a Kerberos token (RFC 4559 section 4), with a page for browsers that have none. */
export const askForTicket = (body = 'A Kerberos token is needed.'): Answer => ({
  status: 401,
  headers: { 'WWW-Authenticate': 'Negotiate', 'Content-Type': 'text/html; charset=utf-8' },
  body,
})

/** The user of the Kerberos token of a request, or the answer that refuses the request. */
export async function userOfTicket(
  { directory }: Pick<Entra, 'directory'>,
  federation: Federation,
  { header }: Pick<Call, 'header'>,
): Promise<TicketUser | Answer> {
  const [, token] = /^Negotiate ([A-Za-z0-9+/=]+)$/i.exec(header('authorization') ?? '') ?? []
  if (token === undefined) return askForTicket()
  const accepted = await federation.accept(token).catch(() => undefined)
  if (!accepted) return askForTicket('The Kerberos token was refused.')
  const [name = '', realm] = accepted.principal.split('@')
  const identity = directory.identity(name, 'common')
  if (identity?.user.home !== 'home' || realm !== federation.realm)
    return { status: 403, body: 'The principal is no user.' }
  return { user: identity.user, answer: accepted.answer }
}
