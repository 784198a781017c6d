import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { decodeBase64Url } from '../encoding/base64url.ts'
import { asObject } from '../encoding/json.ts'
import { parseJwtPart } from '../encoding/jwt-part.ts'
import { AuthError } from '../errors/errors.ts'
import { serverText } from '../errors/server-text.ts'

/** How soon the keys are fetched again for a token whose key is not among them: a flood of such tokens is not obeyed. */
const REFETCH_AFTER_MS = 60_000
/** For how long the keys are used without asking whether they still are the provider's. */
const FRESH_FOR_MS = 3_600_000

type Algorithm = AlgorithmIdentifier | RsaPssParams | EcdsaParams

interface Verification {
  readonly kty: string
  readonly crv?: string
  readonly key: AlgorithmIdentifier | RsaHashedImportParams | EcKeyImportParams
  readonly check: Algorithm
}

const rsa = (name: string, bits: number, check: Algorithm): Verification => ({
  kty: 'RSA',
  key: { name, hash: `SHA-${bits}` },
  check,
})
const pkcs1 = (bits: number) => rsa('RSASSA-PKCS1-v1_5', bits, 'RSASSA-PKCS1-v1_5')
const pss = (bits: number) => rsa('RSA-PSS', bits, { name: 'RSA-PSS', saltLength: bits / 8 })
const ecdsa = (namedCurve: string, bits: number): Verification => ({
  kty: 'EC',
  crv: namedCurve,
  key: { name: 'ECDSA', namedCurve },
  check: { name: 'ECDSA', hash: `SHA-${bits}` },
})
const ed25519: Verification = { kty: 'OKP', crv: 'Ed25519', key: 'Ed25519', check: 'Ed25519' }

/** The asymmetric algorithms of RFC 7518 section 3.1, RFC 8037 and RFC 9864; with any other nothing is proved. */
const VERIFICATIONS: Readonly<Record<string, Verification>> = {
  RS256: pkcs1(256),
  RS384: pkcs1(384),
  RS512: pkcs1(512),
  PS256: pss(256),
  PS384: pss(384),
  PS512: pss(512),
  ES256: ecdsa('P-256', 256),
  ES384: ecdsa('P-384', 384),
  ES512: ecdsa('P-521', 512),
  EdDSA: ed25519,
  Ed25519: ed25519,
}

/** The keys of a provider, as they were last fetched (RFC 7517). */
interface KeySet {
  readonly keys: readonly Record<string, unknown>[]
  readonly fetchedAtMs: number
}

/**
 * Checks the signatures of ID tokens against the keys of their provider (OpenID Connect Core 3.1.3.7, rule 6). The
 * claims are checked elsewhere. Keys are fetched when they are first needed, when a token names one that is not
 * known (key rotation, section 10.1.1), and once an hour.
 *
 * @returns A function that throws AuthError `invalid_id_token` for a signature that does not prove the token, and what
 * `fetchJson` throws where the keys cannot be had.
 */
export function createSignatureCheck(deps: {
  fetchJson: (url: string) => Promise<unknown>
  now: () => number
}) {
  const { fetchJson, now } = deps
  const known = new Map<string, Promise<KeySet>>()

  async function fetchKeys(url: string): Promise<KeySet> {
    const { keys } = asObject(await fetchJson(url)) ?? {}
    const list = Array.isArray(keys) ? keys.map(asObject) : []
    return { keys: list.filter((key) => key !== undefined), fetchedAtMs: now() }
  }

  function keysOf(url: string, isOfUse: (held: KeySet) => boolean): Promise<KeySet> {
    const before = known.get(url)
    const held = before?.then((set) => (isOfUse(set) ? set : fetchKeys(url))) ?? fetchKeys(url)
    known.set(url, held)
    held.catch(() => {
      if (known.get(url) === held) known.delete(url)
    })
    return held
  }

  return async function checkSignature(
    idToken: string,
    { jwks_uri: url }: ProviderMetadata,
  ): Promise<void> {
    if (url === undefined) throw unproved('the provider names no keys (`jwks_uri`)')
    const [head = '', payload = '', signature = ''] = idToken.split('.')
    const { alg, kid } = parseJwtPart(head) ?? {}
    const how =
      typeof alg === 'string' && Object.hasOwn(VERIFICATIONS, alg) ? VERIFICATIONS[alg] : undefined
    if (typeof alg !== 'string' || !how)
      throw unproved(`its \`alg\` is ${serverText(alg) ?? 'missing'}, which proves nothing`)

    const ageMs = ({ fetchedAtMs }: KeySet) => Math.abs(now() - fetchedAtMs)
    const candidates = ({ keys }: KeySet) => keys.filter((key) => fits(key, alg, kid, how))
    const set = await keysOf(url, (held) =>
      candidates(held).length > 0 ? ageMs(held) < FRESH_FOR_MS : ageMs(held) < REFETCH_AFTER_MS,
    )
    const [jwk, another] = candidates(set)
    if (!jwk) throw unproved('none of the keys of the provider fits it')
    if (another) throw unproved('it does not say which of the keys of the provider signed it')
    const signed = new TextEncoder().encode(`${head}.${payload}`)
    const isProved = await verify(jwk, how, decodeBase64Url(signature), signed).catch(() => false)
    if (!isProved) throw unproved('its signature is wrong')
  }
}

function fits(
  jwk: Record<string, unknown>,
  alg: string,
  kid: unknown,
  { kty, crv }: Verification,
): boolean {
  return (
    jwk.kty === kty &&
    (crv === undefined || jwk.crv === crv) &&
    (kid === undefined || jwk.kid === kid) &&
    (jwk.alg === undefined || jwk.alg === alg) &&
    (jwk.use === undefined || jwk.use === 'sig') &&
    (!Array.isArray(jwk.key_ops) || jwk.key_ops.includes('verify'))
  )
}

async function verify(
  { kty, crv, n, e, x, y }: Record<string, unknown>,
  { key, check }: Verification,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  // Only what makes a public key: a private one, or one with a use of its own, could not be imported for this.
  const jwk = JSON.parse(JSON.stringify({ kty, crv, n, e, x, y })) as JsonWebKey
  const publicKey = await crypto.subtle.importKey('jwk', jwk, key, false, ['verify'])
  return crypto.subtle.verify(check, publicKey, signature, signed)
}

const unproved = (why: string) =>
  new AuthError('invalid_id_token', `The signature of the token could not be verified: ${why}.`)
