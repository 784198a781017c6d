import { createPublicKey, X509Certificate } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { thumbprintOf } from '../../accounts/client-credentials.ts'
import type { Client, ClientCredentials } from '../../model/options.ts'
import {
  assertionNotInTime,
  assertionReplayed,
  credentialNeeded,
  isPublicClient,
  noFederatedMatch,
  wrongAssertionAudience,
  wrongSecret,
  wrongSignature,
} from '../errors/client-refusals.ts'
import type { Refusal } from '../errors/refusals.ts'
import type { Call } from '../http/http.ts'
import type { Entra } from '../state/entra.ts'

/** The audience of assertions by other issuers (federated identity credentials). */
const EXCHANGE_AUDIENCE = 'api://AzureADTokenExchange'

/** Entra accepts assertions of a client whose clock differs by up to this time. */
const CLOCK_TOLERANCE_SECONDS = 5 * 60

/** How a client proved its identity, as the claim `azpacr` states it. */
export type Proof = '0' | '1' | '2'

/** Checks the credential of a token request. Public clients must present none. */
export async function authenticateClient(
  entra: Entra,
  call: Call,
  client: Client,
): Promise<Proof | Refusal> {
  const { parameters } = call
  const secret = parameters.get('client_secret') ?? basicSecret(call)
  const assertion = parameters.get('client_assertion')
  if (!client.credentials)
    return secret === null && assertion === null ? '0' : isPublicClient(client.clientId)
  if (assertion !== null)
    return (await refusalOfAssertion(entra, call, client, client.credentials, assertion)) ?? '2'
  if (secret === null) return credentialNeeded()
  return client.credentials.secrets?.includes(secret) ? '1' : wrongSecret(client.clientId)
}

function basicSecret(call: Call): string | null {
  const [, encoded] = /^Basic (.+)$/i.exec(call.header('authorization') ?? '') ?? []
  if (encoded === undefined) return null
  const [, secret = ''] = Buffer.from(encoded, 'base64').toString().split(/:(.*)/s)
  return new URLSearchParams(`v=${secret}`).get('v')
}

async function refusalOfAssertion(
  entra: Entra,
  { url }: Call,
  { clientId }: Client,
  { certificates = [], federated = [] }: ClientCredentials,
  assertion: string,
): Promise<Refusal | undefined> {
  const { header, claims } = unverified(assertion)
  const isOwn = claims.iss === clientId
  const other = federated.find(
    ({ issuer, subject }) => issuer === claims.iss && subject === claims.sub,
  )
  if (!isOwn && !other) return noFederatedMatch(String(claims.sub))
  const certificate = certificates.find((one) => thumbprintOf(one) === header['x5t#S256'])
  if (isOwn && !certificate) return wrongSignature('The key was not found.')
  if (certificate && Date.parse(new X509Certificate(certificate).validTo) < Date.now())
    return wrongSignature('The certificate has expired.')
  const audiences = other ? [EXCHANGE_AUDIENCE] : audiencesOf(url)
  try {
    const key = createPublicKey(other?.publicKey ?? certificate ?? '')
    const subject = other?.subject ?? clientId
    await jwtVerify(assertion, key, {
      subject,
      audience: audiences,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
    })
  } catch (error) {
    if (error instanceof errors.JWTExpired) return assertionNotInTime()
    if (error instanceof errors.JWTClaimValidationFailed)
      return error.claim === 'aud'
        ? wrongAssertionAudience(String(claims.aud))
        : assertionNotInTime()
    return wrongSignature('The signature is not valid.')
  }
  if (other) return undefined
  return claims.jti !== undefined && entra.usedAssertions.note(claims.jti)
    ? undefined
    : assertionReplayed()
}

/** The token endpoint, and the issuer of the tenant in the path. */
const audiencesOf = ({ origin, pathname }: URL): string[] => [
  `${origin}${pathname}`,
  `${origin}${pathname.replace(/\/oauth2\/v2\.0\/token$/, '/v2.0')}`,
]

function unverified(assertion: string): { header: Record<string, unknown>; claims: JWTPayload } {
  try {
    return { header: { ...decodeProtectedHeader(assertion) }, claims: decodeJwt(assertion) }
  } catch {
    return { header: {}, claims: {} }
  }
}
