import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { hostileText, hostileValue, mutated } from '../../../../scripts/fuzz/hostile.ts'
import { FUZZ_TIMEOUT_MS, fuzzParameters } from '../../../../scripts/fuzz/parameters.ts'
import { isAuthError } from '../errors/errors.ts'
import { base64url } from '../testing/fakes.ts'
import { createSignatureCheck } from './id-token-signature.ts'

let jwk: Record<string, unknown>
let token: string

beforeAll(async () => {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', pair.publicKey)
  jwk = { kty, crv, x, y, kid: 'one', use: 'sig' }
  const signed = `${base64url({ alg: 'ES256', kid: 'one' })}.${base64url({ sub: 'alice' })}`
  const how = { name: 'ECDSA', hash: 'SHA-256' }
  const bytes = await crypto.subtle.sign(how, pair.privateKey, new TextEncoder().encode(signed))
  token = `${signed}.${Buffer.from(bytes).toString('base64url')}`
})

async function isProved(idToken: string, keys: unknown): Promise<boolean> {
  const check = createSignatureCheck({ now: () => 0, fetchJson: async () => keys })
  const metadata = {
    issuer: 'https://idp.example',
    authorization_endpoint: 'https://idp.example/authorize',
    token_endpoint: 'https://idp.example/token',
    jwks_uri: 'https://idp.example/jwks',
  }
  return check(idToken, metadata).then(
    () => true,
    (error: unknown) => {
      if (!isAuthError(error, 'invalid_id_token')) throw error
      return false
    },
  )
}

test(
  'a token is verified only if its signed text is unchanged',
  async () => {
    expect(await isProved(token, { keys: [jwk] })).toBe(true)
    const [head = '', payload = '', signature = ''] = token.split('.')
    const part = (good: string, json: fc.Arbitrary<object>) =>
      fc.oneof(
        { weight: 3, arbitrary: fc.constant(good) },
        { weight: 2, arbitrary: json.map(base64url) },
        { weight: 1, arbitrary: hostileText },
      )
    const tokens = fc
      .tuple(
        part(head, mutated({ alg: 'ES256', kid: 'one' })),
        part(payload, mutated({ sub: 'alice' })),
        fc.oneof(fc.constant(signature), hostileText, fc.base64String()),
      )
      .map((parts) => parts.join('.'))
    const keys = fc.oneof(
      { weight: 4, arbitrary: fc.constant({ keys: [jwk] }) },
      { weight: 2, arbitrary: mutated(jwk).map((key) => ({ keys: [key, jwk] })) },
      { weight: 1, arbitrary: fc.array(hostileValue).map((list) => ({ keys: list })) },
      { weight: 1, arbitrary: hostileValue },
    )
    await fc.assert(
      fc.asyncProperty(tokens, keys, async (idToken, set) => {
        if (!(await isProved(idToken, set))) return
        expect(idToken.split('.').slice(0, 2)).toEqual([head, payload])
      }),
      fuzzParameters(),
    )
  },
  FUZZ_TIMEOUT_MS,
)
