import { createHash } from 'node:crypto'
import {
  calculateJwkThumbprint,
  decodeProtectedHeader,
  EmbeddedJWK,
  type JWK,
  jwtVerify,
} from 'jose'
import type { Settings } from '../model/settings.ts'
import type { State } from '../state/state.ts'
import type { Context } from '../vendor/oidc-provider.ts'

/** The accepted age of a proof in either direction, in seconds, if the API uses no nonces. */
const PROOF_AGE_SECONDS = 60

export const PROOF_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519']

/** The parameters of the challenge for a refused proof. */
export type ProofProblem = Readonly<Record<string, string>>

/** Checks the proof of a request with a bound token (RFC 9449 §4.3, §7.1). Returns undefined for a valid proof. */
export type ProofCheck = (
  context: Context,
  token: string,
  jkt: unknown,
) => Promise<ProofProblem | undefined>

export function createProofCheck(
  issuer: string,
  { nonces, settings }: Pick<State, 'nonces' | 'settings'>,
): ProofCheck {
  /** The used `jti` values, with the time at which they may be forgotten. */
  const used = new Map<string, number>()

  function isReplay(jti: string): boolean {
    const nowMs = Date.now()
    for (const [known, untilMs] of used) if (untilMs <= nowMs) used.delete(known)
    if (used.has(jti)) return true
    used.set(jti, nowMs + 2 * PROOF_AGE_SECONDS * 1000)
    return false
  }

  return async function checkProof(context, token, jkt) {
    const { apiNonces } = settings.get()
    if (apiNonces !== 'off') context.set('DPoP-Nonce', nonces.api.nextChallenge())
    const proof = context.get('DPoP')
    const claims = await verified(proof)
    if (!claims) return invalid('the proof is no valid JWT')
    const { ath, htm, htu, iat, jti, nonce } = claims.payload
    if (claims.jkt !== jkt)
      return { error: 'invalid_token', error_description: 'the token is bound to another key' }
    if (htm !== context.method) return invalid('htm is another method')
    if (htu !== `${issuer}${context.path}`) return invalid('htu is another address')
    if (ath !== createHash('sha256').update(token).digest('base64url'))
      return invalid('ath is the hash of another token')
    if (typeof iat !== 'number' || !isRecent(iat, settings.get()))
      return invalid('iat is not recent')
    if (typeof jti !== 'string' || jti.length < 16) return invalid('jti is too short')
    if (apiNonces !== 'off' && !(typeof nonce === 'string' && nonces.api.checkChallenge(nonce)))
      return { error: 'use_dpop_nonce', error_description: 'the API needs a new nonce' }
    return isReplay(jti) ? invalid('the proof was used before') : undefined
  }
}

async function verified(proof: string) {
  try {
    const { payload } = await jwtVerify(proof, EmbeddedJWK, {
      algorithms: PROOF_ALGORITHMS,
      typ: 'dpop+jwt',
    })
    const { jwk } = decodeProtectedHeader(proof)
    return { payload, jkt: await calculateJwkThumbprint(jwk as JWK) }
  } catch {
    return undefined
  }
}

/** The time of the APIs, in seconds since the epoch. */
export const apiSeconds = ({ apiClockOffset }: Pick<Settings, 'apiClockOffset'>): number =>
  Date.now() / 1000 + apiClockOffset

const isRecent = (iat: number, settings: Settings): boolean =>
  Math.abs(apiSeconds(settings) - iat) <= PROOF_AGE_SECONDS

const invalid = (error_description: string): ProofProblem => ({
  error: 'invalid_dpop_proof',
  error_description,
})
