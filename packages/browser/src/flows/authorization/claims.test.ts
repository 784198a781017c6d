import fc from 'fast-check'
import { expect, test } from 'vitest'
import { claimsParameter } from './claims.ts'

const of = (...clientCapabilities: string[]) => ({ clientCapabilities, idTokenClaims: [] })

const CHALLENGE = '{"access_token":{"nbf":{"essential":true,"value":"1"}},"id_token":{"a":null}}'

test('without claims of the client the claims of the request stay unchanged', () => {
  expect(claimsParameter(undefined, of())).toBeUndefined()
  expect(claimsParameter(CHALLENGE, of())).toBe(CHALLENGE)
})

test('client capabilities are sent without other claims', () => {
  expect(claimsParameter(undefined, of('cp1'))).toBe(
    '{"access_token":{"xms_cc":{"values":["cp1"]}}}',
  )
})

test('client capabilities are added to the claims of the request', () => {
  expect(JSON.parse(claimsParameter(CHALLENGE, of('cp1', 'cp2')) ?? '')).toEqual({
    access_token: { nbf: { essential: true, value: '1' }, xms_cc: { values: ['cp1', 'cp2'] } },
    id_token: { a: null },
  })
})

test('a request without claims for the access token keeps its other claims', () => {
  for (const requested of ['{}', '{"access_token":null}', '{"access_token":{}}'])
    expect(JSON.parse(claimsParameter(requested, of('cp1')) ?? '')).toEqual({
      access_token: { xms_cc: { values: ['cp1'] } },
    })
})

test('adding the capabilities twice has the same result as adding them once', () => {
  const claims = fc.dictionary(fc.string(), fc.option(fc.dictionary(fc.string(), fc.jsonValue())))
  fc.assert(
    fc.property(fc.record({ access_token: claims, id_token: claims }), (requested) => {
      const once = claimsParameter(JSON.stringify(requested), of('cp1'))
      expect(claimsParameter(once, of('cp1'))).toBe(once)
      const { access_token } = JSON.parse(once ?? '')
      expect(Object.keys(access_token).sort()).toEqual(
        [...new Set([...Object.keys(requested.access_token), 'xms_cc'])].sort(),
      )
    }),
  )
})

test('claims of the ID token are voluntary, unless the request says more about them', () => {
  const client = { clientCapabilities: [], idTokenClaims: ['a', 'login_hint'] }
  expect(JSON.parse(claimsParameter(undefined, client) ?? '')).toEqual({
    id_token: { a: { essential: false }, login_hint: { essential: false } },
  })
  expect(JSON.parse(claimsParameter(CHALLENGE, client) ?? '')).toMatchObject({
    access_token: { nbf: { value: '1' } },
    id_token: { a: null, login_hint: { essential: false } },
  })
})
