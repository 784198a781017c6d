import { webcrypto } from 'node:crypto'
import { expect, test } from 'vitest'
import { createProofKey, type ProofKey, signProof } from './proof.ts'

const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString())
const ALGORITHMS = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  Ed25519: { name: 'Ed25519' },
}

/** The parts of a proof, and whether the key in its header verifies it. */
async function read(proof: string, { alg, jwk }: ProofKey) {
  const [header, payload, signature = ''] = proof.split('.')
  const key = await webcrypto.subtle.importKey('jwk', { ...jwk }, ALGORITHMS[alg], true, ['verify'])
  const signed = Buffer.from(`${header}.${payload}`)
  const bytes = Buffer.from(signature, 'base64url')
  const isValid = await webcrypto.subtle.verify(ALGORITHMS[alg], key, bytes, signed)
  return { header: decode(header), claims: decode(payload), isValid }
}

test.each(['ES256', 'Ed25519'] as const)('a proof is a signed JWT (%s)', async (alg) => {
  const key = await createProofKey(alg)
  const url = 'https://API.example:443/a/b?q=1#f'
  const proof = await signProof(key, { method: 'GET', url, nowMs: 1_000_999, nonce: 'n' })
  const { header, claims, isValid } = await read(proof, key)
  expect(isValid).toBe(true)
  expect(header).toEqual({ typ: 'dpop+jwt', alg, jwk: key.jwk })
  expect(header.jwk).not.toHaveProperty('d')
  expect(claims).toEqual({
    jti: expect.stringMatching(/^[\w-]{22}$/),
    htm: 'GET',
    htu: 'https://api.example/a/b',
    iat: 1000,
    nonce: 'n',
  })
})

test('a proof for an API names the access token by its hash', async () => {
  const key = await createProofKey('ES256')
  // The example of RFC 9449 section 7.1.
  const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
  const request = { method: 'GET', url: 'https://a.example/', nowMs: 0, accessToken }
  const { claims } = await read(await signProof(key, request), key)
  expect(claims.ath).toBe('fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo')
  expect(claims).not.toHaveProperty('nonce')
})

test('no two proofs have the same `jti`', async () => {
  const key = await createProofKey('ES256')
  const request = { method: 'GET', url: 'https://a.example/', nowMs: 0 }
  const proofs = await Promise.all(Array.from({ length: 50 }, () => signProof(key, request)))
  const ids = await Promise.all(proofs.map(async (proof) => (await read(proof, key)).claims.jti))
  expect(new Set(ids).size).toBe(50)
})

test('the private key cannot be exported, and the thumbprint is that of RFC 7638', async () => {
  const key = await createProofKey('ES256')
  expect(key.privateKey.extractable).toBe(false)
  await expect(webcrypto.subtle.exportKey('jwk', key.privateKey as never)).rejects.toThrow()
  const { crv, kty, x, y } = key.jwk
  const digest = await webcrypto.subtle.digest(
    'SHA-256',
    Buffer.from(`{"crv":"${crv}","kty":"${kty}","x":"${x}","y":"${y}"}`),
  )
  expect(key.jkt).toBe(Buffer.from(digest).toString('base64url'))
})
