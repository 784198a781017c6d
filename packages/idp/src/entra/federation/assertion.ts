import { createHash, createSign, createVerify, randomUUID } from 'node:crypto'
import type { EntraUser } from '../directory/options.ts'
import type { Entra } from '../state/entra.ts'
import { CLOUD, type Federation, issuerOfAssertions } from '../state/federation.ts'
import { escapeXml, readXml, type XmlNames } from './read-xml.ts'

const SIGNATURE = 'http://www.w3.org/2000/09/xmldsig#'
const EXCLUSIVE = 'http://www.w3.org/2001/10/xml-exc-c14n#'
const SAML_1 = 'urn:oasis:names:tc:SAML:1.0:assertion'
const SAML_2 = 'urn:oasis:names:tc:SAML:2.0:assertion'
const LIFETIME_MS = 3_600_000
/** The clocks of Entra and of a federation server may differ by this time. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

type Origin = Pick<Entra, 'origin'>

/**
 * Issues a signed assertion for a user. The text has the form of exclusive canonicalization, so that the signature is one of
 * XML Signature, and is over the exact bytes: any change by a client breaks it.
 */
export function issueAssertion(
  { origin }: Origin,
  { key, saml }: Federation,
  user: EntraUser,
): string {
  const id = `_${randomUUID()}`
  const make = saml === '1.1' ? saml1 : saml2
  const [head, tail] = make({ id, issuer: issuerOfAssertions(origin), user, nowMs: Date.now() })
  const signedInfo = signedInfoOf(id, digestOf(head + tail))
  const value = createSign('RSA-SHA256').update(signedInfo).sign(key.privateKey, 'base64')
  return `${head}${signatureOf(signedInfo, value)}${tail}`
}

/** The claims of a verified assertion. */
export interface AssertionClaims {
  readonly username: string
}

/**
 * Verifies an assertion: its signature over the exact text, audience, issuer and time. Each assertion serves once.
 *
 * @returns The reason to refuse it, or its user.
 */
export function verifyAssertion(
  { origin }: Origin,
  { key, used }: Federation,
  text: string,
): AssertionClaims | { readonly problem: string } {
  const found = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(text)
  const [signedInfo = ''] = /<ds:SignedInfo[\s\S]*<\/ds:SignedInfo>/.exec(found?.[0] ?? '') ?? []
  if (!found || signedInfo === '') return { problem: 'The assertion is not signed.' }
  let names: XmlNames
  try {
    names = readXml(text)
  } catch {
    return { problem: 'The assertion is not well-formed.' }
  }
  const value = names.text(SIGNATURE, 'SignatureValue')
  const isSigned = createVerify('RSA-SHA256')
    .update(signedInfo)
    .verify(key.publicKey, value, 'base64')
  if (!isSigned || names.text(SIGNATURE, 'DigestValue') !== digestOf(text.replace(found[0], '')))
    return { problem: 'Unable to verify token signature.' }
  return claimsOf(names, { issuer: issuerOfAssertions(origin), used })
}

function claimsOf(
  { text, attribute }: XmlNames,
  { issuer, used }: { issuer: string; used: Federation['used'] },
): AssertionClaims | { readonly problem: string } {
  const isFirst = attribute(SAML_1, 'Assertion', 'AssertionID') !== ''
  const saml = isFirst ? SAML_1 : SAML_2
  const named = isFirst ? attribute(saml, 'Assertion', 'Issuer') : text(saml, 'Issuer')
  const id = attribute(saml, 'Assertion', isFirst ? 'AssertionID' : 'ID')
  if (named !== issuer) return { problem: 'The issuer is unknown.' }
  if (text(saml, 'Audience') !== CLOUD) return { problem: 'The audience is wrong.' }
  const endMs = Date.parse(attribute(saml, 'Conditions', 'NotOnOrAfter'))
  const beginMs = Date.parse(attribute(saml, 'Conditions', 'NotBefore'))
  const nowMs = Date.now()
  if (nowMs < beginMs - CLOCK_TOLERANCE_MS || nowMs >= endMs + CLOCK_TOLERANCE_MS)
    return { problem: 'The assertion is not within its valid time range.' }
  if (!used.note(id)) return { problem: 'The assertion was used before.' }
  return { username: text(saml, isFirst ? 'NameIdentifier' : 'NameID') }
}

interface Content {
  readonly id: string
  readonly issuer: string
  readonly user: EntraUser
  readonly nowMs: number
}

/** The text before and behind the signature. Attributes are in canonical order. */
function saml1({ id, issuer, user, nowMs }: Content): readonly [string, string] {
  const { begin, end } = times(nowMs)
  const head = [
    `<saml:Assertion xmlns:saml="${SAML_1}" AssertionID="${id}" IssueInstant="${begin}" Issuer="${escapeXml(issuer)}" MajorVersion="1" MinorVersion="1">`,
    `<saml:Conditions NotBefore="${begin}" NotOnOrAfter="${end}"><saml:AudienceRestrictionCondition>`,
    `<saml:Audience>${CLOUD}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>`,
    '<saml:AttributeStatement><saml:Subject>',
    `<saml:NameIdentifier Format="urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified">${escapeXml(user.username)}</saml:NameIdentifier>`,
    '</saml:Subject>',
    '<saml:Attribute AttributeName="UPN" AttributeNamespace="http://schemas.xmlsoap.org/claims">',
    `<saml:AttributeValue>${escapeXml(user.email)}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`,
  ].join('')
  return [head, '</saml:Assertion>']
}

function saml2({ id, issuer, user, nowMs }: Content): readonly [string, string] {
  const { begin, end } = times(nowMs)
  const head = `<saml:Assertion xmlns:saml="${SAML_2}" ID="${id}" IssueInstant="${begin}" Version="2.0"><saml:Issuer>${escapeXml(issuer)}</saml:Issuer>`
  const tail = [
    '<saml:Subject>',
    `<saml:NameID>${escapeXml(user.username)}</saml:NameID></saml:Subject>`,
    `<saml:Conditions NotBefore="${begin}" NotOnOrAfter="${end}"><saml:AudienceRestriction>`,
    `<saml:Audience>${CLOUD}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    '</saml:Assertion>',
  ].join('')
  return [head, tail]
}

const times = (nowMs: number) => ({
  begin: new Date(nowMs).toISOString(),
  end: new Date(nowMs + LIFETIME_MS).toISOString(),
})

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64')

const signedInfoOf = (id: string, digest: string): string =>
  [
    `<ds:SignedInfo xmlns:ds="${SIGNATURE}"><ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>`,
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>',
    `<ds:Reference URI="#${id}"><ds:Transforms>`,
    `<ds:Transform Algorithm="${SIGNATURE}enveloped-signature"></ds:Transform>`,
    `<ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms>`,
    '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>',
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>`,
  ].join('')

const signatureOf = (signedInfo: string, value: string): string =>
  `<ds:Signature xmlns:ds="${SIGNATURE}">${signedInfo}<ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`
