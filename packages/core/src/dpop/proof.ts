import { encodeBase64Url } from '../encoding/base64url.ts'

/** The algorithms for proofs. Both are in WebCrypto of all supported browsers with the names of RFC 9864 and RFC 7518. */
export type ProofAlgorithm = 'ES256' | 'Ed25519'

/** The key of one grant. The private key cannot be exported. */
export interface ProofKey {
  readonly privateKey: CryptoKey
  readonly alg: ProofAlgorithm
  /** The members of the public key in the order of RFC 7638 section 3.2, without others. */
  readonly jwk: Readonly<Record<string, string>>
  /** The thumbprint of the public key (RFC 7638): the `jkt` of bound tokens. */
  readonly jkt: string
}

/** The request that a proof is for. */
export interface ProvenRequest {
  readonly method: string
  /** The proof contains origin and path only (RFC 9449 section 4.2). */
  readonly url: string
  /** The access token of a request to an API. */
  readonly accessToken?: string | undefined
  /** The nonce that the server provided (RFC 9449 sections 8 and 9). */
  readonly nonce?: string | undefined
  /** The time of the server, in milliseconds since the epoch. */
  readonly nowMs: number
}

const KEYS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  Ed25519: { name: 'Ed25519' },
} as const

/** The bytes in base64url, without padding. */
const encoded = (bytes: Uint8Array | ArrayBuffer): string => {
  const text = String.fromCharCode(...new Uint8Array(bytes))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const digest = async (text: string): Promise<string> =>
  encoded(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

/** Creates a key for proofs. Scripts can use its private part, but not export it. */
export async function createProofKey(alg: ProofAlgorithm): Promise<ProofKey> {
  const pair = (await crypto.subtle.generateKey(KEYS[alg], false, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  return proofKeyOf(alg, pair.privateKey, await crypto.subtle.exportKey('jwk', pair.publicKey))
}

/** Imports a private key. Its copy in memory cannot be exported. */
export async function importProofKey(alg: ProofAlgorithm, jwk: JsonWebKey): Promise<ProofKey> {
  return proofKeyOf(alg, await crypto.subtle.importKey('jwk', jwk, KEYS[alg], false, ['sign']), jwk)
}

async function proofKeyOf(
  alg: ProofAlgorithm,
  privateKey: CryptoKey,
  { crv = '', kty = '', x = '', y }: JsonWebKey,
): Promise<ProofKey> {
  const jwk = y === undefined ? { crv, kty, x } : { crv, kty, x, y }
  return { privateKey, alg, jwk, jkt: await digest(JSON.stringify(jwk)) }
}

/** Signs a proof (RFC 9449 section 4.2). */
export async function signProof(
  { privateKey, alg, jwk }: Omit<ProofKey, 'jkt'>,
  { method, url, accessToken, nonce, nowMs }: ProvenRequest,
): Promise<string> {
  const { origin, pathname } = new URL(url)
  const claims = {
    jti: encoded(crypto.getRandomValues(new Uint8Array(16))),
    htm: method,
    htu: origin + pathname,
    iat: Math.floor(nowMs / 1000),
    ath: accessToken === undefined ? undefined : await digest(accessToken),
    nonce,
  }
  const parts = [{ typ: 'dpop+jwt', alg, jwk }, claims]
  const signed = parts.map((part) => encodeBase64Url(JSON.stringify(part))).join('.')
  const bytes = new TextEncoder().encode(signed)
  return `${signed}.${encoded(await crypto.subtle.sign(KEYS[alg], privateKey, bytes))}`
}
