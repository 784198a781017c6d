import { randomUUID } from 'node:crypto'
import { AuthError } from '@carnet/core'
import type { CredentialRequest } from './credential.ts'

/** Algorithms of client assertions (RFC 7518 section 3.1, RFC 8037). */
export type AssertionAlgorithm = 'PS256' | 'RS256' | 'ES256' | 'ES384' | 'ES512' | 'EdDSA'

/** Signs the bytes of an assertion. A signature by an elliptic curve has the form of RFC 7518 section 3.4: `r` and `s`. */
export type Sign = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const LIFETIME_SECONDS = 300
/** Clocks of machines differ a little. */
const BACKDATED_SECONDS = 30

/** Adds an assertion to a request. */
export function addAssertion({ body }: CredentialRequest, assertion: string): void {
  body.set('client_assertion_type', ASSERTION_TYPE)
  body.set('client_assertion', assertion)
}

/**
 * Creates an assertion for one request (RFC 7523 section 3). Its only audience is the issuer, so that no other server can use
 * it; on Entra for many tenants the issuer is a template, and the audience is the token endpoint.
 *
 * @throws AuthError `credential_unusable` if the signature cannot be made.
 */
export async function createAssertion(
  { clientId, metadata, nowMs }: CredentialRequest,
  header: Readonly<Record<string, unknown>>,
  sign: Sign,
): Promise<string> {
  const { issuer, token_endpoint } = metadata
  const nowSeconds = Math.floor(nowMs / 1000)
  const claims = {
    iss: clientId,
    sub: clientId,
    aud: issuer.includes('{') ? token_endpoint : issuer,
    jti: randomUUID(),
    iat: nowSeconds,
    nbf: nowSeconds - BACKDATED_SECONDS,
    exp: nowSeconds + LIFETIME_SECONDS,
  }
  const signed = `${inBase64Url({ typ: 'JWT', ...header })}.${inBase64Url(claims)}`
  const signature = await signing(sign, signed)
  return `${signed}.${signature.toString('base64url')}`
}

async function signing(sign: Sign, text: string): Promise<Buffer> {
  try {
    const signature = await sign(Buffer.from(text))
    if (signature.length > 0) return Buffer.from(signature)
  } catch (cause) {
    const message = 'The key of the app could not sign: `sign` failed.'
    throw new AuthError('credential_unusable', message, { cause })
  }
  throw new AuthError('credential_unusable', '`sign` returned no signature.')
}

const inBase64Url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
