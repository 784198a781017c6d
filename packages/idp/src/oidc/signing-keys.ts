import {
  type CryptoKey,
  compactVerify,
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
import type { ResponseFault, SigningAlgorithm } from '../model/faults.ts'
import { type JsonObject, overlay } from '../model/json.ts'

export interface SigningKeys {
  /** The private keys in the format of oidc-provider, RS256 first. */
  readonly privateKeys: { keys: JWK[] }
  /** The public keys as a JWK Set (RFC 7517 §5). */
  readonly publicKeys: { keys: JWK[] }
  /** @throws If the signature, the expiry, the issuer, the audience or the type is wrong. */
  verifyAccessToken(token: string, issuer: string, audience: string[]): Promise<JWTPayload>
  /** Verifies the signature only. @throws If the signature is invalid. */
  verifySignature(token: string): Promise<JWTPayload>
  /** Signs a JWT with RS256. */
  sign(claims: JWTPayload): Promise<string>
  /** Applies the fault to the token and signs it again. */
  resign(token: string, fault: Extract<ResponseFault, { kind: 'idToken' }>): Promise<string>
}

/** Creates the keys of one provider. Each start therefore rotates the keys. */
export async function createSigningKeys(): Promise<SigningKeys> {
  const [rsa, ec] = await Promise.all([createKey('RS256'), createKey('ES256')])
  const publicKeys = { keys: [rsa.publicJwk, ec.publicJwk] }
  const findKey = createLocalJWKSet(publicKeys)

  const sign = (
    payload: JWTPayload,
    alg: SigningAlgorithm,
    privateKey?: CryptoKey,
  ): Promise<string> => {
    const own = alg === 'RS256' ? rsa : ec
    const header = { alg, typ: 'JWT', kid: own.kid }
    return new SignJWT(payload).setProtectedHeader(header).sign(privateKey ?? own.privateKey)
  }

  return {
    privateKeys: { keys: [rsa.privateJwk, ec.privateJwk] },
    publicKeys,
    sign: (claims) => sign(claims, 'RS256'),

    async verifyAccessToken(token, issuer, audience) {
      const options = { issuer, audience, typ: 'at+jwt', clockTolerance: 0 }
      return (await jwtVerify(token, findKey, options)).payload
    },

    async verifySignature(token) {
      const { payload } = await compactVerify(token, findKey)
      return JSON.parse(new TextDecoder().decode(payload)) as JWTPayload
    },

    async resign(token, { claims, alg = 'RS256', signer }) {
      const payload = overlay(decodeJwt(token) as JsonObject, claims) as JWTPayload
      if (alg === 'none') return new UnsecuredJWT(payload).encode()
      return sign(
        payload,
        alg,
        signer === 'stranger' ? (await generateKeyPair(alg)).privateKey : undefined,
      )
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
