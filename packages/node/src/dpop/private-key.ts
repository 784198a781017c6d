import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { AuthError } from '@carnet/core'
import { importProofKey, type ProofAlgorithm, type ProofKey } from '@carnet/core/dpop'
import { readPrivateKey } from '../credentials/signing-key.ts'

/** A private key for proofs, and its algorithm. */
export interface PrivateKey {
  readonly alg: ProofAlgorithm
  readonly key: KeyObject
}

/**
 * Reads the key that an app gives for proofs.
 *
 * @throws AuthError `credential_unusable` for malformed PEM; `invalid_options` for keys of another kind.
 */
export function readProofKey(given: string | KeyObject): PrivateKey {
  const key = readPrivateKey(given)
  const { type, asymmetricKeyType, asymmetricKeyDetails } = key
  const isP256 = asymmetricKeyType === 'ec' && asymmetricKeyDetails?.namedCurve === 'prime256v1'
  if (type === 'private' && isP256) return { alg: 'ES256', key }
  if (type === 'private' && asymmetricKeyType === 'ed25519') return { alg: 'Ed25519', key }
  throw new AuthError(
    'invalid_options',
    '`dpop.key` must be a private key of the curve P-256 or Ed25519.',
  )
}

/** Creates a key for proofs. */
export function generateProofKey(alg: ProofAlgorithm): PrivateKey {
  const { privateKey: key } =
    alg === 'ES256'
      ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
      : generateKeyPairSync('ed25519')
  return { alg, key }
}

/** The key in the form that signs proofs. */
export const usable = ({ alg, key }: PrivateKey): Promise<ProofKey> =>
  importProofKey(alg, key.export({ format: 'jwk' }))

/** The key as text, for a sealed record. */
export const textOf = ({ key }: PrivateKey): string => JSON.stringify(key.export({ format: 'jwk' }))

/** Reads the text of `textOf`. */
export const readText = (text: string): PrivateKey =>
  readProofKey(createPrivateKey({ key: JSON.parse(text), format: 'jwk' }))
