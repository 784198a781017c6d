import { constants, createPrivateKey, type KeyObject, sign as signBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { AuthError } from '@carnet/core'
import type { AssertionAlgorithm, Sign } from './client-assertion.ts'

const signing = promisify(signBytes)

const ALGORITHM_OF_CURVE: Readonly<Record<string, AssertionAlgorithm>> = {
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
}

/**
 * Reads a private key.
 *
 * @throws AuthError `credential_unusable`
 */
export function readPrivateKey(key: string | KeyObject, passphrase?: string): KeyObject {
  if (typeof key !== 'string') return key
  try {
    return createPrivateKey({ key, ...(passphrase !== undefined && { passphrase }) })
  } catch {
    // The error of Node may quote the key.
    throw new AuthError(
      'credential_unusable',
      'The private key is not valid PEM, or its passphrase is wrong.',
    )
  }
}

/** RFC 7518 sections 3.3 and 3.5. */
const LEAST_RSA_BITS = 2048

/** @throws AuthError `credential_unusable` for an RSA key that is too short. */
export function assertStrong({ asymmetricKeyType: type, asymmetricKeyDetails }: KeyObject): void {
  const bits = asymmetricKeyDetails?.modulusLength
  if (type !== 'rsa' || bits === undefined || bits >= LEAST_RSA_BITS) return
  throw new AuthError(
    'credential_unusable',
    `The RSA key has ${bits} bits: it must have at least ${LEAST_RSA_BITS}.`,
  )
}

/** The algorithm for a key: PS256 for RSA, which Entra requires. */
export function algorithmOf(key: KeyObject): AssertionAlgorithm {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  const named = type === 'ec' ? ALGORITHM_OF_CURVE[details?.namedCurve ?? ''] : undefined
  if (type === 'rsa') return 'PS256'
  if (type === 'ed25519') return 'EdDSA'
  if (named) return named
  throw new AuthError(
    'credential_unusable',
    `Keys of the type ${type ?? 'secret'} cannot sign assertions.`,
  )
}

/** Signs with a private key of this process. */
export function signerOf(key: KeyObject, algorithm: AssertionAlgorithm): Sign {
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants
  const options =
    algorithm === 'PS256'
      ? { key, padding, saltLength }
      : { key, dsaEncoding: 'ieee-p1363' as const }
  const digest = algorithm === 'EdDSA' ? undefined : `sha${algorithm.slice(2)}`
  return (bytes) => signing(digest, bytes, options)
}
