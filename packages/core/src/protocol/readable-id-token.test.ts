import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { unverifiedClaims } from '../encoding/jwt-part.ts'
import { isAuthError } from '../errors/errors.ts'
import { base64url } from '../testing/fakes.ts'
import { algorithmOf, withoutMalformedAuthTime } from './readable-id-token.ts'

const metadata = {
  issuer: 'https://idp.example',
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
}
const tokenOf = (header: object, claims: object = {}) =>
  `${base64url(header)}.${base64url(claims)}.signature`

describe('the algorithm of an ID token', () => {
  test.each(['RS256', 'ES384', 'HS256', 'EdDSA'])(
    '%s is accepted if no algorithm is listed',
    (alg) => {
      expect(algorithmOf(tokenOf({ alg }), metadata)).toBe(alg)
    },
  )

  test('is accepted if the provider lists it', () => {
    const listed = { ...metadata, id_token_signing_alg_values_supported: ['ES384', 'HS256'] }
    expect(algorithmOf(tokenOf({ alg: 'HS256' }), listed)).toBe('HS256')
  })

  test('is named with the listed algorithms if the provider does not list it', () => {
    const listed = { ...metadata, id_token_signing_alg_values_supported: ['RS256', 'PS256'] }
    expect(() => algorithmOf(tokenOf({ alg: 'ES384' }), listed)).toThrow(/ES384.*RS256, PS256/)
  })

  test.each(['none', 'None', 'NONE', ''])('"%s" is refused', (alg) => {
    const listed = { ...metadata, id_token_signing_alg_values_supported: ['none', alg] }
    expect(() => algorithmOf(tokenOf({ alg }), listed)).toThrow(/not signed/)
  })

  test('of anything else is unknown, or refused with an AuthError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string()), (value) => {
        try {
          expect(['string', 'undefined']).toContain(typeof algorithmOf(value, metadata))
        } catch (error) {
          expect(isAuthError(error, 'invalid_id_token')).toBe(true)
        }
      }),
    )
  })
})

describe('an `auth_time`', () => {
  test.each([1_700_000_000, 1_700_000_000.25, 0])('of %d stays', (auth_time) => {
    const token = tokenOf({ alg: 'RS256' }, { sub: 'alice', auth_time })
    expect(withoutMalformedAuthTime(token)).toBe(token)
  })

  test.each(['1700000000', null, -1, true, [1], {}])('of %j is omitted', (auth_time) => {
    const token = tokenOf({ alg: 'RS256' }, { sub: 'alice ä 山', auth_time })
    expect(unverifiedClaims(withoutMalformedAuthTime(token))).toEqual({ sub: 'alice ä 山' })
  })

  test('changes nothing if it is missing, for any value of the token', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(withoutMalformedAuthTime(value)).toBe(value)
      }),
    )
  })
})
