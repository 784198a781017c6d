import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { decodeBase64Url } from '../encoding/base64url.ts'
import { parseJwtPart } from '../encoding/jwt-part.ts'
import { AuthError } from '../errors/errors.ts'
import { serverText } from '../errors/server-text.ts'

/** The shortest time between two fetches of keys for a token with an unknown key: forged tokens must not cause a flood. */
const REFETCH_AFTER_MS = 60_000
/** Keys are used for this long before they are fetched again. */
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

/** The asymmetric algorithms of RFC 7518 section 3.1, RFC 8037 and RFC 9864. No other algorithm proves the issuer. */
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

/** The keys of a provider (RFC 7517), and when they were fetched. */
interface KeySet {
  readonly keys: readonly Record<string, unknown>[]
  readonly fetchedAtMs: number
}

/**
 * Creates a function that verifies the signatures of ID tokens with the keys of their provider (OpenID Connect Core section
 * 3.1.3.7, rule 6). It does not check the claims. It fetches the keys on first use, for a token with an unknown key (key
 * rotation, section 10.1.1), and when they are an hour old.
 *
 * @returns A function that throws AuthError `invalid_id_token` if the signature is not verified, and the errors of
 * `fetchJson` if the keys cannot be fetched.
 */
export function createSignatureCheck(deps: {
  fetchJson: (url: string) => Promise<unknown>
  now: () => number
}) {
  const { fetchJson, now } = deps
  const known = new Map<string, Promise<KeySet>>()

  async function fetchKeys(url: string): Promise<KeySet> {
    const { keys } = Object(await fetchJson(url).catch(unread)) as { readonly keys?: unknown }
    // `fits` judges each field of a key.
    const list = Array.isArray(keys) ? keys.map((key): Record<string, unknown> => Object(key)) : []
    return { keys: list, fetchedAtMs: now() }
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
    if (url === undefined) throw unproved('the discovery document has no `jwks_uri`')
    const [head = '', payload = '', signature = ''] = idToken.split('.')
    const { alg, kid } = parseJwtPart(head) ?? {}
    const how =
      typeof alg === 'string' && Object.hasOwn(VERIFICATIONS, alg) ? VERIFICATIONS[alg] : undefined
    if (typeof alg !== 'string' || !how)
      throw unproved(
        `its \`alg\` is ${serverText(alg) ?? 'missing'}, not a supported asymmetric algorithm`,
      )

    const ageMs = ({ fetchedAtMs }: KeySet) => Math.abs(now() - fetchedAtMs)
    const candidates = ({ keys }: KeySet) => keys.filter((key) => fits(key, alg, kid, how))
    const set = await keysOf(url, (held) =>
      candidates(held).length > 0 ? ageMs(held) < FRESH_FOR_MS : ageMs(held) < REFETCH_AFTER_MS,
    )
    const [jwk, another] = candidates(set)
    if (!jwk) throw unproved('no key of the provider fits it')
    if (another) throw unproved('several keys of the provider fit it, and it names none (`kid`)')
    const signed = new TextEncoder().encode(`${head}.${payload}`)
    const isProved = await verify(jwk, how, decodeBase64Url(signature), signed).catch(() => false)
    if (!isProved) throw unproved('its signature is wrong')
  }
}

/** Names the document that could not be read. */
function unread(cause: unknown): never {
  if (!(cause instanceof AuthError)) throw cause
  const message = `The keys of the provider could not be read: ${cause.message}`
  throw new AuthError(cause.code, message, { cause, retryAtMs: cause.retryAtMs })
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
  // Import the public part only: `importKey` would refuse private members, and a `use` or `key_ops` for another purpose.
  const jwk = JSON.parse(JSON.stringify({ kty, crv, n, e, x, y })) as JsonWebKey
  const publicKey = await crypto.subtle.importKey('jwk', jwk, key, false, ['verify'])
  return crypto.subtle.verify(check, publicKey, signature, signed)
}

const unproved = (why: string) =>
  new AuthError('invalid_id_token', `The signature of the token could not be verified: ${why}.`)
