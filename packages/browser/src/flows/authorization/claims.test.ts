import fc from 'fast-check'
import { expect, test } from 'vitest'
import { claimsParameter } from './claims.ts'

const CHALLENGE = '{"access_token":{"nbf":{"essential":true,"value":"1"}},"id_token":{"a":null}}'

test('an app that can do nothing special asks for what the request asks for, in its own words', () => {
  expect(claimsParameter(undefined, [])).toBeUndefined()
  expect(claimsParameter(CHALLENGE, [])).toBe(CHALLENGE)
})

test('what the app can do is told where nothing else is asked for', () => {
  expect(claimsParameter(undefined, ['cp1'])).toBe('{"access_token":{"xms_cc":{"values":["cp1"]}}}')
})

test('what the app can do is told beside what the request asks for', () => {
  expect(JSON.parse(claimsParameter(CHALLENGE, ['cp1', 'cp2']) ?? '')).toEqual({
    access_token: { nbf: { essential: true, value: '1' }, xms_cc: { values: ['cp1', 'cp2'] } },
    id_token: { a: null },
  })
})

test('a request that asks for nothing of the access token loses nothing', () => {
  for (const requested of ['{}', '{"access_token":null}', '{"access_token":{}}'])
    expect(JSON.parse(claimsParameter(requested, ['cp1']) ?? '')).toEqual({
      access_token: { xms_cc: { values: ['cp1'] } },
    })
})

test('telling it twice says the same as telling it once', () => {
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
