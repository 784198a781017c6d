import {
  type CryptoKey,
  createLocalJWKSet,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTPayload,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import type { SigningAlgorithm } from '../control/faults.ts'
import { type JsonObject, overlay } from '../json.ts'

export interface SigningKeys {
  /** With their private parts, as oidc-provider wants them; RS256 first. */
  readonly privateKeys: { keys: JWK[] }
  /** @throws When the signature, the expiry, the issuer, the audience or the type is wrong. */
  verifyAccessToken(token: string, issuer: string, audience: string[]): Promise<JWTPayload>
  /** The same token with other claims; null deletes one. */
  resign(token: string, claims: JsonObject, alg: SigningAlgorithm | 'none'): Promise<string>
}

/** Makes the keys of one provider: every start is a rotation. */
export async function createSigningKeys(): Promise<SigningKeys> {
  const [rsa, ec] = await Promise.all([createKey('RS256'), createKey('ES256')])
  const publicKeys = createLocalJWKSet({ keys: [rsa.publicJwk, ec.publicJwk] })

  return {
    privateKeys: { keys: [rsa.privateJwk, ec.privateJwk] },

    async verifyAccessToken(token, issuer, audience) {
      const options = { issuer, audience, typ: 'at+jwt', clockTolerance: 0 }
      return (await jwtVerify(token, publicKeys, options)).payload
    },

    async resign(token, claims, alg) {
      const payload = overlay(decodeJwt(token) as JsonObject, claims) as JWTPayload
      if (alg === 'none') return new UnsecuredJWT(payload).encode()
      const { privateKey, kid } = alg === 'RS256' ? rsa : ec
      return new SignJWT(payload).setProtectedHeader({ alg, typ: 'JWT', kid }).sign(privateKey)
    },
  }
}

async function createKey(alg: SigningAlgorithm) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const kid = `${alg.toLowerCase()}-${Date.now().toString(36)}`
  const describe = async (key: CryptoKey) => ({ ...(await exportJWK(key)), kid, alg, use: 'sig' })
  return {
    kid,
    privateKey,
    privateJwk: await describe(privateKey),
    publicJwk: await describe(publicKey),
  }
}
