import { AuthError } from '@carnet/core'
import { serverText } from '@carnet/core/services'
import type { XmlAnswer } from './federation-http.ts'
import { NAMESPACE, type TrustVersion } from './names.ts'
import { findAll, findOne, outerXml, type XmlElement } from './xml.ts'

/** An assertion of a federation server, unchanged. */
export interface Assertion {
  readonly xml: string
  /** The grant type that redeems it. Entra has one for each version of SAML. */
  readonly grantType: string
}

const GRANT_TYPE: Readonly<Record<string, string>> = {
  [NAMESPACE.saml1]: 'urn:ietf:params:oauth:grant-type:saml1_1-bearer',
  // RFC 7522 section 2.1.
  [NAMESPACE.saml2]: 'urn:ietf:params:oauth:grant-type:saml2-bearer',
}

/**
 * Takes the assertion out of the answer to a `RequestSecurityToken`. Its signature is Entra's to verify, so it is passed on
 * unchanged.
 *
 * @throws AuthError `federation_refused` for a SOAP fault, and for an answer without exactly one assertion.
 */
export function readAssertion(
  { root, status, text }: XmlAnswer,
  version: TrustVersion,
  audience: string,
): Assertion {
  const body = root.children.find((one) => is(one, NAMESPACE.soap12, 'Body'))
  if (!body || !is(root, NAMESPACE.soap12, 'Envelope'))
    throw refused(`The federation server sent no SOAP envelope (status ${status}).`)
  const fault = findOne(body, NAMESPACE.soap12, 'Fault')
  if (fault) throw refused(`The federation server refused the request: ${reasonOf(fault)}.`)
  if (status !== 200) throw refused(`The federation server answered with status ${status}.`)
  const responses = findAll(body, version.namespace, 'RequestSecurityTokenResponse')
  const meant = responses.filter((response) => isFor(response, audience))
  const assertions = meant
    .flatMap((response) => findAll(response, version.namespace, 'RequestedSecurityToken'))
    .flatMap(({ children }) => children)
  const [assertion] = assertions
  const grantType = assertion && GRANT_TYPE[assertion.namespace]
  if (!assertion || assertions.length > 1 || assertion.name !== 'Assertion' || !grantType)
    throw refused('The federation server sent no SAML assertion for the cloud of the authority.')
  return { xml: outerXml(assertion, text), grantType }
}

const is = (element: XmlElement, namespace: string, name: string) =>
  element.namespace === namespace && element.name === name

/** True if a response is for the audience, or names none. */
function isFor(response: XmlElement, audience: string): boolean {
  const appliesTo = findOne(response, NAMESPACE.policy, 'AppliesTo')
  const address = appliesTo && findOne(appliesTo, NAMESPACE.addressing, 'Address')
  return address === undefined || sameAudience(address.text, audience)
}

/** AD FS appends a slash to an audience that is a URL. */
const sameAudience = (one: string, other: string) =>
  one.replace(/\/$/, '').toLowerCase() === other.replace(/\/$/, '').toLowerCase()

/** The most specific code of a fault, and its text (SOAP 1.2 part 1, section 5.4). */
function reasonOf(fault: XmlElement): string {
  const codes = findAll(fault, NAMESPACE.soap12, 'Value').map(({ text }) => text)
  const text = findOne(fault, NAMESPACE.soap12, 'Text')?.text
  return serverText([codes.at(-1), text].filter(Boolean).join(', ')) ?? 'a fault without a reason'
}

const refused = (message: string) => new AuthError('federation_refused', message)
