import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'

/** The fields of a proof that differ from the defaults. */
export interface ProofFields {
  readonly nonce?: string | undefined
  readonly accessToken?: string | undefined
  /** Seconds to add to `iat`. */
  readonly ahead?: number
  readonly jti?: string
}

/** A key with the proofs of its holder (RFC 9449 §4.2). */
export async function createProver() {
  const { privateKey, publicKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)

  return {
    jkt: await calculateJwkThumbprint(jwk),
    proof(
      htm: string,
      url: string,
      { nonce, accessToken, ahead = 0, jti = randomUUID() }: ProofFields = {},
    ) {
      const { origin, pathname } = new URL(url)
      const ath = accessToken && createHash('sha256').update(accessToken).digest('base64url')
      const iat = Math.floor(Date.now() / 1000) + ahead
      return new SignJWT({
        jti,
        htm,
        htu: origin + pathname,
        iat,
        ...(ath && { ath }),
        ...(nonce && { nonce }),
      })
        .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
        .sign(privateKey)
    },
  }
}

export type Prover = Awaited<ReturnType<typeof createProver>>
