import { createHash, createPublicKey, X509Certificate } from 'node:crypto'
import { isText } from '../model/bad-input.ts'
import { isJsonObject } from '../model/json.ts'
import type { ClientCredentials, ClientMethod } from '../model/options.ts'

const METHODS: readonly unknown[] = [
  undefined,
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'self_signed_tls_client_auth',
] satisfies (ClientMethod | undefined)[]

/** Names every wrong field of the credentials of a client. */
export function problemsOfCredentials(value: unknown): string[] {
  if (value === undefined) return []
  if (!isJsonObject(value)) return ['credentials: must be an object']
  const { secrets, certificates, federated, method } = value as Record<string, unknown>
  const isTexts = (list: unknown) =>
    list === undefined || (Array.isArray(list) && list.every((one) => isText(one) && one !== ''))
  return [
    isTexts(secrets) ? [] : ['credentials.secrets: must be a list of texts'],
    isTexts(certificates) && [certificates ?? []].flat().every(isCertificate)
      ? []
      : ['credentials.certificates: must be a list of certificates in PEM'],
    federated === undefined || (Array.isArray(federated) && federated.every(isFederated))
      ? []
      : ['credentials.federated: must be a list of { issuer, subject, publicKey }'],
    METHODS.includes(method) ? [] : ['credentials.method: is not known'],
  ].flat()
}

/** `x5t#S256` (RFC 7515 §4.1.8): the thumbprint by which an assertion names its certificate. */
export const thumbprintOf = (certificate: string): string =>
  createHash('sha256').update(new X509Certificate(certificate).raw).digest('base64url')

/** The public key of a certificate as a JWK, with the certificate in `x5c`. */
export function jwkOf(certificate: string): Record<string, unknown> {
  const { raw } = new X509Certificate(certificate)
  return {
    ...createPublicKey(certificate).export({ format: 'jwk' }),
    x5c: [raw.toString('base64')],
    'x5t#S256': thumbprintOf(certificate),
    use: 'sig',
  }
}

/** The method for the registration with a plain provider, which allows one method for each client. */
export const methodOf = ({ method, secrets }: ClientCredentials): ClientMethod =>
  method ?? (secrets ? 'client_secret_basic' : 'private_key_jwt')

function isCertificate(value: unknown): boolean {
  try {
    return isText(value) && new X509Certificate(value).raw.length > 0
  } catch {
    return false
  }
}

const isFederated = (value: unknown): boolean =>
  isJsonObject(value) &&
  ['issuer', 'subject', 'publicKey'].every((name) =>
    isText((value as Record<string, unknown>)[name]),
  )
