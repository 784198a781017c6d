import fc from 'fast-check'
import { expect, test } from 'vitest'
import { claimsParameter } from './claims.ts'

const CHALLENGE = '{"access_token":{"nbf":{"essential":true,"value":"1"}},"id_token":{"a":null}}'

test('without client capabilities the claims of the request stay unchanged', () => {
  expect(claimsParameter(undefined, [])).toBeUndefined()
  expect(claimsParameter(CHALLENGE, [])).toBe(CHALLENGE)
})

test('client capabilities are sent without other claims', () => {
  expect(claimsParameter(undefined, ['cp1'])).toBe('{"access_token":{"xms_cc":{"values":["cp1"]}}}')
})

test('client capabilities are added to the claims of the request', () => {
  expect(JSON.parse(claimsParameter(CHALLENGE, ['cp1', 'cp2']) ?? '')).toEqual({
    access_token: { nbf: { essential: true, value: '1' }, xms_cc: { values: ['cp1', 'cp2'] } },
    id_token: { a: null },
  })
})

test('a request without claims for the access token keeps its other claims', () => {
  for (const requested of ['{}', '{"access_token":null}', '{"access_token":{}}'])
    expect(JSON.parse(claimsParameter(requested, ['cp1']) ?? '')).toEqual({
      access_token: { xms_cc: { values: ['cp1'] } },
    })
})

test('adding the capabilities twice has the same result as adding them once', () => {
  const claims = fc.dictionary(fc.string(), fc.option(fc.dictionary(fc.string(), fc.jsonValue())))
  fc.assert(
    fc.property(fc.record({ access_token: claims, id_token: claims }), (requested) => {
      const once = claimsParameter(JSON.stringify(requested), ['cp1'])
      expect(claimsParameter(once, ['cp1'])).toBe(once)
      const { access_token } = JSON.parse(once ?? '')
      expect(Object.keys(access_token).sort()).toEqual(
        [...new Set([...Object.keys(requested.access_token), 'xms_cc'])].sort(),
      )
    }),
  )
})
