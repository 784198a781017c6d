import { randomUUID } from 'node:crypto'
import type { Answer, Call } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'
import { CLOUD, type Federation } from '../state/federation.ts'
import { issueAssertion } from './assertion.ts'
import { userOfTicket } from './negotiate.ts'
import { escapeXml, readXml } from './read-xml.ts'
import { TRUST, type TrustVersion } from './trust-versions.ts'

const SOAP = 'http://www.w3.org/2003/05/soap-envelope'
const ADDRESSING = 'http://www.w3.org/2005/08/addressing'
const POLICY = 'http://schemas.xmlsoap.org/ws/2004/09/policy'

/** The version whose endpoint has a path behind `/adfs/`, if it is offered. */
export const trustVersionAt = (
  { trustVersions }: Federation,
  rest: string,
): TrustVersion | undefined =>
  trustVersions.map((version) => TRUST[version]).find(({ path }) => path === rest)

/** `windowstransport`: an assertion for the user of a Kerberos token (WS-Trust, RFC 4559). */
export async function answerTrust(
  entra: Entra,
  federation: Federation,
  call: Call,
  version: TrustVersion,
): Promise<Answer> {
  if (call.method !== 'POST') return { status: 405 }
  const found = await userOfTicket(entra, federation, call)
  if ('status' in found) return found
  const problem = problemOf(call.body, version, `${entra.origin}${call.url.pathname}`)
  if (problem) return soap(500, faultOf(problem))
  const assertion = issueAssertion(entra, federation, found.user)
  return soap(200, responseOf(assertion, version), {
    'WWW-Authenticate': found.answer === '' ? 'Negotiate' : `Negotiate ${found.answer}`,
  })
}

/** The reason to refuse an envelope, in the words of AD FS. */
function problemOf(body: string, { namespace, action }: TrustVersion, url: string) {
  try {
    const { text } = readXml(body)
    if (text(ADDRESSING, 'Action') !== action || text(ADDRESSING, 'To') !== url)
      return 'ID3035: The request was not valid or is not supported.'
    if (!text(namespace, 'RequestType').endsWith('/Issue'))
      return 'ID3035: The request was not valid or is not supported.'
    // The first address is that of `ReplyTo`, so the audience is looked for behind `AppliesTo`.
    const [, appliesTo = ''] =
      /<(?:\w+:)?AppliesTo\b([\s\S]*?)<\/(?:\w+:)?AppliesTo>/.exec(body) ?? []
    if (!appliesTo.includes(`>${CLOUD}<`))
      return 'ID3082: The request scope is not valid or is unsupported.'
    return undefined
  } catch {
    return 'ID3035: The request was not valid or is not supported.'
  }
}

function responseOf(assertion: string, { namespace }: TrustVersion): string {
  const response = [
    `<t:RequestSecurityTokenResponse xmlns:t="${namespace}">`,
    `<wsp:AppliesTo xmlns:wsp="${POLICY}"><wsa:EndpointReference xmlns:wsa="${ADDRESSING}">`,
    `<wsa:Address>${CLOUD}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>`,
    `<t:RequestedSecurityToken>${assertion}</t:RequestedSecurityToken>`,
    '</t:RequestSecurityTokenResponse>',
  ].join('')
  // Only WS-Trust 1.3 has a collection (section 4.3 there).
  return namespace === TRUST['1.3'].namespace
    ? `<t:RequestSecurityTokenResponseCollection xmlns:t="${namespace}">${response}</t:RequestSecurityTokenResponseCollection>`
    : response
}

const faultOf = (reason: string): string =>
  [
    '<s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode>',
    '<s:Value xmlns:a="http://docs.oasis-open.org/ws-sx/ws-trust/200512">a:InvalidRequest</s:Value>',
    `</s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">${escapeXml(reason)}</s:Text></s:Reason></s:Fault>`,
  ].join('')

const soap = (status: number, content: string, headers: Answer['headers'] = {}): Answer => ({
  status,
  headers: { 'Content-Type': 'application/soap+xml; charset=utf-8', ...headers },
  body: [
    `<s:Envelope xmlns:s="${SOAP}" xmlns:a="${ADDRESSING}">`,
    `<s:Header><a:MessageID>urn:uuid:${randomUUID()}</a:MessageID></s:Header>`,
    `<s:Body>${content}</s:Body></s:Envelope>`,
  ].join(''),
})
