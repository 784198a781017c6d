import type { ConfidentialClientOptions } from '../api/options.ts'
import type { Credential } from '../credentials/credential.ts'

/** The algorithms of the FAPI 2.0 Security Profile section 5.4.1. */
export const FAPI_ALGORITHMS: readonly string[] = ['PS256', 'ES256', 'EdDSA', 'Ed25519']

/** A requirement, and the sentence for an app that does not meet it. */
export type Rule = readonly [boolean, string]

/** The requirements of `security: 'fapi2'` for the options of an app (FAPI 2.0 Security Profile sections 5.3.3 and 5.4). */
export function fapiRules(
  { security, dpop }: Pick<ConfidentialClientOptions, 'security' | 'dpop'>,
  credentials: readonly Credential[],
): readonly Rule[] {
  if (security !== 'fapi2') return []
  const isJwt = ({ kind }: Credential) => kind === 'certificate' || kind === 'key'
  const weak = credentials.find((one) => one?.kind !== 'tls' && !isJwt(one ?? {}))
  const signed = credentials.filter((one) => one && isJwt(one))
  const unfit = signed.find(({ algorithm = '' }) => !FAPI_ALGORITHMS.includes(algorithm))
  return [
    [
      weak === undefined,
      `\`security: "fapi2"\` allows only \`certificate\`, \`privateKey\` and \`tlsCertificate\`, not a credential of the kind "${weak?.kind}".`,
    ],
    [
      unfit === undefined,
      `\`security: "fapi2"\` allows no assertion with ${unfit?.algorithm ?? 'an unknown algorithm'}: use ${FAPI_ALGORITHMS.slice(0, 3).join(', ')}.`,
    ],
    [
      dpop !== false || credentials.every((one) => one?.kind === 'tls'),
      '`security: "fapi2"` needs tokens that are bound to a key: without `dpop`, all credentials must be `tlsCertificate`.',
    ],
  ]
}

/** The requirements of the option `dpop`. */
export function dpopRules(dpop: unknown): readonly Rule[] {
  const options = typeof dpop === 'object' ? ((dpop ?? {}) as Record<string, unknown>) : {}
  const { key, algorithm } = options
  return [
    [
      dpop === undefined || typeof dpop === 'boolean' || (typeof dpop === 'object' && !!dpop),
      '`dpop` must be a boolean or an object.',
    ],
    [
      [undefined, 'ES256', 'Ed25519'].includes(algorithm as string | undefined),
      '`dpop.algorithm` must be "ES256" or "Ed25519".',
    ],
    [
      key === undefined || typeof key === 'string' || (typeof key === 'object' && !!key),
      '`dpop.key` must be a private key: PEM, or a `KeyObject`.',
    ],
    [key === undefined || algorithm === undefined, '`dpop.key` has its own algorithm.'],
  ]
}
