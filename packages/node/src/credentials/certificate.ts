import { createHash, type KeyObject, X509Certificate } from 'node:crypto'
import { AuthError } from '@carnet/core'
import {
  type AssertionAlgorithm,
  addAssertion,
  createAssertion,
  type Sign,
} from './client-assertion.ts'
import type { Credential } from './credential.ts'
import { algorithmOf, assertStrong, readPrivateKey, signerOf } from './signing-key.ts'

/** A private key in this process. */
interface LocalKey {
  /** The private key: PEM, or a `KeyObject`. */
  readonly key: string | KeyObject
  readonly passphrase?: string | undefined
  /** Default: `PS256` for RSA, else by the curve. */
  readonly algorithm?: AssertionAlgorithm | undefined
}

/** A private key elsewhere: in a KMS, an HSM or a key vault. */
interface RemoteKey {
  readonly sign: Sign
  readonly algorithm: AssertionAlgorithm
}

/** The options of `certificate`. */
export type CertificateOptions = (LocalKey | RemoteKey) & {
  /** The certificate in PEM. Further certificates of its chain may follow. */
  readonly cert: string
  /** Sends the chain in the header `x5c`, for providers that trust an authority instead of one certificate. Default false. */
  readonly sendChain?: boolean | undefined
}

/** The options of `privateKey`. */
export type PrivateKeyOptions = (LocalKey | RemoteKey) & {
  /** The `kid` of the key in the JWK Set that is registered at the provider. */
  readonly keyId?: string | undefined
}

const PEM = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * A certificate with its private key, for `private_key_jwt` (RFC 7523). Carnet computes the thumbprint `x5t#S256`. Every request
 * gets an assertion of its own, which lives five minutes.
 *
 * @throws AuthError `credential_unusable` if the certificate or the key is malformed, or they do not belong together.
 */
export function certificate(options: CertificateOptions): Credential {
  const chain = readChain(options.cert)
  const own = firstOf(chain)
  const { algorithm, sign } = readKey(options, own)
  const header = {
    alg: algorithm,
    'x5t#S256': createHash('sha256').update(own.raw).digest('base64url'),
    ...(options.sendChain && { x5c: chain.map(({ raw }) => raw.toString('base64')) }),
  }
  return {
    kind: 'certificate',
    algorithm,
    async authenticate(request) {
      assertValid(own, request.nowMs)
      addAssertion(request, await createAssertion(request, header, sign))
    },
  }
}

/**
 * A private key whose public key is registered at the provider as a JWK, for `private_key_jwt` without a certificate.
 *
 * @throws AuthError `credential_unusable` if the key is malformed.
 */
export function privateKey(options: PrivateKeyOptions): Credential {
  const { algorithm, sign } = readKey(options)
  const header = { alg: algorithm, ...(options.keyId !== undefined && { kid: options.keyId }) }
  return {
    kind: 'key',
    algorithm,
    authenticate: async (request) =>
      addAssertion(request, await createAssertion(request, header, sign)),
  }
}

/**
 * Reads the first certificate of a chain in PEM.
 *
 * @throws AuthError `credential_unusable` for malformed PEM, and for a key that does not belong to the certificate.
 */
export function readCertificate(pem: string, key?: KeyObject): X509Certificate {
  const own = firstOf(readChain(pem))
  if (key) assertBelongs(own, key)
  return own
}

function firstOf([own]: readonly X509Certificate[]): X509Certificate {
  if (!own) throw new AuthError('credential_unusable', '`cert` holds no certificate in PEM.')
  return own
}

function assertBelongs(own: X509Certificate, key: KeyObject): void {
  if (own.checkPrivateKey(key)) return
  throw new AuthError('credential_unusable', 'The private key does not belong to the certificate.')
}

function readChain(pem: string): X509Certificate[] {
  try {
    return (String(pem).match(PEM) ?? []).map((text) => new X509Certificate(text))
  } catch (cause) {
    throw new AuthError('credential_unusable', '`cert` is not a certificate in PEM.', { cause })
  }
}

function readKey(
  options: LocalKey | RemoteKey,
  own?: X509Certificate,
): { algorithm: AssertionAlgorithm; sign: Sign } {
  if ('sign' in options) return options
  const key = readPrivateKey(options.key, options.passphrase)
  assertStrong(key)
  if (own) assertBelongs(own, key)
  const { algorithm = algorithmOf(key) } = options
  return { algorithm, sign: signerOf(key, algorithm) }
}

/** @throws AuthError `credential_unusable` outside of the lifetime of the certificate. */
export function assertValid({ validFrom, validTo }: X509Certificate, nowMs: number): void {
  const state = Date.parse(validTo) < nowMs ? 'has expired' : 'is not valid yet'
  if (Date.parse(validTo) < nowMs || Date.parse(validFrom) > nowMs)
    throw new AuthError(
      'credential_unusable',
      `The certificate ${state}: it is valid from ${validFrom} to ${validTo}.`,
    )
}
