import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readApiChallenge } from './api-challenge.ts'
import { decodeClaims } from './decode-claims.ts'

const claims = '{"access_token":{"acrs":{"essential":true,"value":"c1"}}}'
const base64 = btoa(claims)

test.each([
  [200, 'Bearer error="invalid_token"', undefined],
  [500, 'Bearer error="invalid_token"', undefined],
  [401, null, { kind: 'token' }],
  [401, '=', { kind: 'token' }],
  [401, 'Bearer', { kind: 'token' }],
  [401, 'Bearer error="invalid_token"', { kind: 'token' }],
  [401, 'Bearer scope="a b"', { kind: 'token', scopes: ['a', 'b'] }],
  [401, 'Basic realm="x"', undefined],
  [401, 'Bearer error="invalid_request"', undefined],
  [403, null, undefined],
  [403, 'Bearer error="invalid_token"', undefined],
  [403, 'Bearer error="insufficient_scope", scope="a b"', { kind: 'scope', scopes: ['a', 'b'] }],
  [403, 'Bearer error="insufficient_scope"', undefined],
  [401, `Bearer error="insufficient_claims", claims="${base64}"`, { kind: 'claims', claims }],
  [
    401,
    `Bearer error="insufficient_claims", claims="${claims.replace(/"/g, '\\"')}"`,
    { kind: 'claims', claims },
  ],
  [401, 'Bearer error="insufficient_claims", claims="W10="', undefined],
  [401, 'Bearer error="insufficient_claims"', undefined],
  [
    401,
    'Bearer error="insufficient_user_authentication", acr_values="a b", max_age="5"',
    { kind: 'step_up', acrValues: ['a', 'b'], maxAgeMs: 5000 },
  ],
  [
    401,
    'Bearer error="insufficient_user_authentication", max_age=0',
    { kind: 'step_up', acrValues: [], maxAgeMs: 0 },
  ],
  [401, 'Bearer error="insufficient_user_authentication", max_age="-1"', undefined],
  [401, 'DPoP error="use_dpop_nonce"', { kind: 'dpop_nonce' }],
  [401, 'DPoP error="invalid_dpop_proof"', { kind: 'dpop_proof' }],
  [
    401,
    `Bearer error="invalid_token", DPoP error="insufficient_claims", claims="${base64}"`,
    { kind: 'claims', claims },
  ],
  [
    401,
    'Bearer resource_metadata="https://a.example/m"',
    { kind: 'token', resourceMetadata: 'https://a.example/m' },
  ],
])('%i with %s', (status, header, challenge) => {
  expect(readApiChallenge(status, header).challenge).toEqual(challenge)
})

test.each([
  [401, null],
  [401, '"'],
  [401, 'Bearer error="insufficient_claims", claims="!"'],
  [401, 'Bearer error="insufficient_user_authentication"'],
  [403, 'Bearer error="insufficient_scope", scope="\\\\"'],
])('%i with %s has a reason for a warning', (status, header) => {
  expect(readApiChallenge(status, header).unreadable).toMatch(/\w/)
})

test('every header is read, whatever it contains', () => {
  const word = fc.constantFrom(
    ...['Bearer', 'DPoP', 'error', 'claims', 'scope', 'acr_values', 'max_age', '=', '"', ',', ' '],
    ...['\\', '\u0000', 'insufficient_claims', 'insufficient_scope', base64, '{}', '__proto__'],
    'insufficient_user_authentication',
  )
  const header = fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 30 }).map((words) => words.join('')),
  )
  fc.assert(
    fc.property(fc.constantFrom(401, 403), header, (status, text) => {
      const { challenge } = readApiChallenge(status, text)
      if (challenge?.kind === 'claims') expect(JSON.parse(challenge.claims)).toBeTypeOf('object')
      if (challenge?.kind === 'scope') expect(challenge.scopes.length).toBeGreaterThan(0)
    }),
    { numRuns: 2000 },
  )
})

test('claims of any object are decoded in each encoding, and anything else is refused', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
      const json = JSON.stringify(object)
      const encoded = Buffer.from(json)
      const expected = json.length > 8192 ? undefined : JSON.stringify(JSON.parse(json))
      for (const text of [json, encoded.toString('base64'), encoded.toString('base64url')])
        expect(decodeClaims(text)).toBe(expected)
    }),
  )
  for (const wrong of [
    undefined,
    '',
    '1',
    'bnVsbA==',
    'W10=',
    '{',
    '{}x',
    'a'.repeat(20_000),
    '/w',
  ])
    expect(decodeClaims(wrong)).toBeUndefined()
})
