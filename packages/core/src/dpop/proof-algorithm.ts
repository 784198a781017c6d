import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { AuthError } from '../errors/errors.ts'
import type { ProofAlgorithm } from './proof.ts'

/** The wish of the app. */
export interface WantedAlgorithm {
  /** Default: the best algorithm of the provider. */
  readonly algorithm: ProofAlgorithm | undefined
  /** True if a bearer token is an error. */
  readonly isRequired: boolean
}

/** In the order of preference. */
const ALGORITHMS: readonly ProofAlgorithm[] = ['ES256', 'Ed25519']
/** Names of a provider for our algorithms: RFC 8037 calls Ed25519 `EdDSA`. */
const NAMES = { ES256: ['ES256'], Ed25519: ['Ed25519', 'EdDSA'] } as const

/**
 * The algorithm of proofs for a provider.
 *
 * @returns `undefined` if the provider supports none, and the app only prefers DPoP.
 * @throws AuthError `unsupported_by_provider` if the provider supports other algorithms only.
 */
export function proofAlgorithmFor(
  { dpop_signing_alg_values_supported: offered }: ProviderMetadata,
  { algorithm, isRequired }: WantedAlgorithm,
): ProofAlgorithm | undefined {
  // Some providers support DPoP, but do not say so.
  if (!offered) return isRequired ? (algorithm ?? 'ES256') : undefined
  const isOffered = (alg: ProofAlgorithm) => NAMES[alg].some((name) => offered.includes(name))
  const usable = algorithm ? [algorithm] : ALGORITHMS
  const found = usable.find(isOffered)
  if (!found && isRequired)
    throw new AuthError(
      'unsupported_by_provider',
      `The provider supports ${offered.join(', ')} for DPoP, not ${usable.join(' or ')}.`,
    )
  return found
}
