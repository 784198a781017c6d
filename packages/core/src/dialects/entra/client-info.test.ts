import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { base64url } from '../../testing/fake-provider.ts'
import { homeAccountIdOf } from './client-info.ts'

test('the home account is the user id and the tenant id', () => {
  expect(homeAccountIdOf(base64url({ uid: 'u-1', utid: 't-1', other: 7 }))).toBe('u-1.t-1')
})

test('encoded ids are decoded, in any script, with and without padding', () => {
  const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  fc.assert(
    fc.property(id, id, (uid, utid) => {
      const text = base64url({ uid, utid })
      const padded = text.padEnd(Math.ceil(text.length / 4) * 4, '=')
      expect(homeAccountIdOf(text)).toBe(`${uid}.${utid}`)
      expect(homeAccountIdOf(padded)).toBe(`${uid}.${utid}`)
    }),
  )
})

describe('malformed client info gives no id', () => {
  test.each([
    ['that is missing', undefined],
    ['that is null', null],
    ['that is no text', { uid: 'u', utid: 't' }],
    ['that is empty', ''],
    ['that is not base64', '*** not base64 ***'],
    ['that is not JSON', btoa('{uid:')],
    ['that is a text', btoa('"u.t"')],
    ['that is an array', base64url(['u', 't'])],
    ['without the tenant', base64url({ uid: 'u' })],
    ['without the user', base64url({ utid: 't' })],
    ['with an empty user', base64url({ uid: '', utid: 't' })],
    ['with an empty tenant', base64url({ uid: 'u', utid: '' })],
    ['with ids that are no texts', base64url({ uid: 7, utid: ['t'] })],
    ['with the ids in `__proto__`', btoa('{"__proto__":{"uid":"u","utid":"t"}}')],
    ['that is huge', base64url({ uid: 'u'.repeat(100_000), utid: 't' })],
  ])('%s', (_what, clientInfo) => {
    expect(homeAccountIdOf(clientInfo)).toBeUndefined()
  })

  test('and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (value, text) => {
        expect(() => [homeAccountIdOf(value), homeAccountIdOf(text)]).not.toThrow()
      }),
    )
  })
})
