import { AuthError } from '@carnet/core'
import type { FederationHttp } from './federation-http.ts'
import { findTrustEndpoint, type TrustEndpoint } from './federation-metadata.ts'
import {
  checkedNegotiation,
  type Negotiate,
  type Negotiation,
  negotiationError,
} from './negotiate.ts'
import { trustRequest } from './trust-request.ts'
import { type Assertion, readAssertion } from './trust-response.ts'
import { findUserRealm } from './user-realm.ts'

/** The parts of one request for an assertion. */
export interface Federation {
  readonly authority: string
  readonly username: string
  readonly negotiate: Negotiate
  readonly spn: string | undefined
  readonly http: FederationHttp
  /** The longest wait for `negotiate`, in milliseconds. */
  readonly timeoutMs: number
}

const PLACE = 'the federation server'

/**
 * Gets a SAML assertion for the user from the federation server of the user's domain, with a Kerberos token as the only
 * credential.
 *
 * @throws AuthError
 */
export async function requestAssertion(federation: Federation): Promise<Assertion> {
  const { authority, username, http } = federation
  const { metadataUrl, audience } = await findUserRealm(authority, username, http)
  const endpoint = await findTrustEndpoint(metadataUrl, http)
  const spn = federation.spn ?? `HTTP/${new URL(endpoint.url).hostname}`
  const negotiation = await negotiated(federation, spn)
  const answer = await http.post(
    endpoint.url,
    trustRequest(endpoint, audience),
    headersOf(endpoint, negotiation),
    PLACE,
  )
  await verifyServer(answer.headers, negotiation)
  return readAssertion(answer, endpoint.version, audience)
}

const headersOf = ({ version }: TrustEndpoint, { token }: Negotiation) => ({
  authorization: `Negotiate ${token}`,
  'content-type': 'application/soap+xml; charset=utf-8',
  // WCF reads the action from the envelope; other servers read this header.
  soapaction: version.action,
})

async function negotiated({ negotiate, timeoutMs }: Federation, spn: string): Promise<Negotiation> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    const error = new AuthError('timeout', `No Kerberos token within ${timeoutMs} ms.`)
    timer = setTimeout(() => reject(error), timeoutMs)
  })
  try {
    const made = await Promise.race([Promise.resolve().then(() => negotiate(spn)), late])
    return checkedNegotiation(made, spn)
  } catch (error) {
    throw negotiationError(error, spn)
  } finally {
    clearTimeout(timer)
  }
}

/** Verifies the token of the server, if it sent one (RFC 4559 section 5). */
async function verifyServer(headers: Headers, { verify }: Negotiation): Promise<void> {
  const [, answer] =
    /(?:^|,)\s*Negotiate\s+([A-Za-z0-9+/=]+)/i.exec(headers.get('www-authenticate') ?? '') ?? []
  if (answer === undefined || !verify) return
  try {
    await verify(answer)
  } catch (cause) {
    const message = 'The federation server did not prove its identity with a Kerberos token.'
    throw new AuthError('kerberos_refused', message, { cause })
  }
}
