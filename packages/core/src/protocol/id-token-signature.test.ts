import { describe, expect, test } from 'vitest'
import type { ProviderMetadata } from '../discovery/provider-metadata.ts'
import { base64url } from '../testing/fakes.ts'
import { createSignatureCheck } from './id-token-signature.ts'

const MINUTE_MS = 60_000
const metadata: ProviderMetadata = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
  jwks_uri: 'https://idp.example/jwks',
}

type Jwk = Record<string, unknown>
interface Signer {
  readonly jwk: Jwk
  sign(claims?: object, head?: object): Promise<string>
}

const RSA = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
const algorithms = {
  RS256: [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', ...RSA }, 'RSASSA-PKCS1-v1_5'],
  RS512: [{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512', ...RSA }, 'RSASSA-PKCS1-v1_5'],
  PS384: [
    { name: 'RSA-PSS', hash: 'SHA-384', ...RSA },
    { name: 'RSA-PSS', saltLength: 48 },
  ],
  ES256: [
    { name: 'ECDSA', namedCurve: 'P-256' },
    { name: 'ECDSA', hash: 'SHA-256' },
  ],
  ES512: [
    { name: 'ECDSA', namedCurve: 'P-521' },
    { name: 'ECDSA', hash: 'SHA-512' },
  ],
  EdDSA: ['Ed25519', 'Ed25519'],
} as const
type Name = keyof typeof algorithms

async function createSigner(alg: Name, kid: string): Promise<Signer> {
  const [make, use] = algorithms[alg]
  const usages: KeyUsage[] = ['sign', 'verify']
  const pair = (await crypto.subtle.generateKey(make, true, usages)) as CryptoKeyPair
  const { kty, crv, n, e, x, y } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as Jwk
  return {
    jwk: { kty, crv, n, e, x, y, kid, alg, use: 'sig' },
    async sign(claims = { sub: 'alice' }, head = { alg, kid }) {
      const signed = `${base64url(head)}.${base64url(claims)}`
      const bytes = await crypto.subtle.sign(use, pair.privateKey, new TextEncoder().encode(signed))
      return `${signed}.${Buffer.from(bytes).toString('base64url')}`
    },
  }
}

/** A provider with keys that a test can change. */
function setUp(...signers: readonly Signer[]) {
  const provider = { keys: signers.map(({ jwk }) => jwk) as unknown, fetched: 0, nowMs: 1_000_000 }
  const check = createSignatureCheck({
    now: () => provider.nowMs,
    async fetchJson(url) {
      expect(url).toBe(metadata.jwks_uri)
      provider.fetched += 1
      return { keys: provider.keys }
    },
  })
  return { provider, check: (token: string) => check(token, metadata) }
}

const refusal = { code: 'invalid_id_token' }

test.each(Object.keys(algorithms) as Name[])(
  'a token with a signature by %s is verified',
  async (alg) => {
    const signer = await createSigner(alg, 'one')
    const { check } = setUp(signer)
    await expect(check(await signer.sign())).resolves.toBeUndefined()
    const forged = await signer.sign({ sub: 'mallory' })
    const [head, , signature] = (await signer.sign()).split('.')
    await expect(check([head, forged.split('.')[1], signature].join('.'))).rejects.toMatchObject(
      refusal,
    )
  },
)

describe('keys', () => {
  test('are fetched once for many tokens at once, and again after an hour', async () => {
    const signer = await createSigner('ES256', 'one')
    const { provider, check } = setUp(signer)
    const token = await signer.sign()
    await Promise.all([check(token), check(token), check(token)])
    expect(provider.fetched).toBe(1)
    provider.nowMs += 61 * MINUTE_MS
    await check(token)
    expect(provider.fetched).toBe(2)
  })

  test('are fetched again for a new key id, but not for a flood of unknown key ids', async () => {
    const [old, young] = [await createSigner('ES256', 'old'), await createSigner('ES256', 'young')]
    const { provider, check } = setUp(old)
    await check(await old.sign())
    provider.keys = [old.jwk, young.jwk]
    await expect(check(await young.sign())).rejects.toMatchObject(refusal)
    expect(provider.fetched).toBe(1)
    provider.nowMs += 2 * MINUTE_MS
    await expect(check(await young.sign())).resolves.toBeUndefined()
    expect(provider.fetched).toBe(2)
  })

  test('are fetched again for the next token after a failed request', async () => {
    const signer = await createSigner('ES256', 'one')
    let broken = true
    const check = createSignatureCheck({
      now: () => 0,
      async fetchJson() {
        if (broken) throw new Error('down')
        return { keys: [signer.jwk] }
      },
    })
    await expect(check(await signer.sign(), metadata)).rejects.toThrow('down')
    broken = false
    await expect(check(await signer.sign(), metadata)).resolves.toBeUndefined()
  })

  test.each([
    ['are for encryption', { use: 'enc' }],
    ['are of another kind', { kty: 'RSA' }],
    ['are of another curve', { crv: 'P-384' }],
    ['are for another algorithm', { alg: 'ES384' }],
    ['may not verify', { key_ops: ['encrypt'] }],
    ['are broken', { x: 'AAAA' }],
    ['have another id', { kid: 'other' }],
  ])('that %s verify no token', async (_what, change) => {
    const signer = await createSigner('ES256', 'one')
    const { provider, check } = setUp()
    provider.keys = [{ ...signer.jwk, ...change }]
    await expect(check(await signer.sign())).rejects.toMatchObject(refusal)
  })

  test.each([[undefined], ['keys'], [[null, 'key', 7, []]], [{}]])(
    'with the content %j verify no token',
    async (keys) => {
      const signer = await createSigner('ES256', 'one')
      const { provider, check } = setUp()
      provider.keys = keys
      await expect(check(await signer.sign())).rejects.toMatchObject(refusal)
    },
  )
})

describe('a token', () => {
  test.each([
    ['says none', { alg: 'none', kid: 'one' }],
    ['is signed with a secret', { alg: 'HS256', kid: 'one' }],
    ['names a property that every object has', { alg: 'constructor', kid: 'one' }],
    ['says nothing', {}],
    ['names another algorithm', { alg: 'ES384', kid: 'one' }],
  ])('that %s is not verified', async (_what, head) => {
    const signer = await createSigner('ES256', 'one')
    const { check } = setUp(signer)
    await expect(check(await signer.sign({ sub: 'alice' }, head))).rejects.toMatchObject(refusal)
  })

  test('without a key id is verified if there is only one key', async () => {
    const [one, two] = [await createSigner('ES256', 'one'), await createSigner('ES256', 'two')]
    const token = await one.sign({ sub: 'alice' }, { alg: 'ES256' })
    await expect(setUp(one).check(token)).resolves.toBeUndefined()
    await expect(setUp(one, two).check(token)).rejects.toMatchObject(refusal)
  })

  test.each(['', '.', 'a.b.c', 'not a token', '..', `${'a'.repeat(1000)}.b`])(
    'with the text %j is not verified',
    async (token) => {
      const { check } = setUp(await createSigner('ES256', 'one'))
      await expect(check(token)).rejects.toMatchObject(refusal)
    },
  )

  test('of a provider without keys is not verified', async () => {
    const { jwks_uri: _, ...without } = metadata
    const check = createSignatureCheck({ now: () => 0, fetchJson: async () => ({}) })
    await expect(check('a.b.c', without)).rejects.toMatchObject(refusal)
  })
})
