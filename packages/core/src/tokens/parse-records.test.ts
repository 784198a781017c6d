import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseAccountRecord } from '../accounts/account.ts'
import { parseAccessTokenRecord } from './parse-access-token.ts'
import { parseRefreshTokenRecord } from './parse-refresh-token.ts'

const accessToken = {
  account: 'idp.example|alice|',
  resource: '',
  requestedScopes: ['read'],
  grantedScopes: ['read'],
  token: 'secret',
  tokenType: 'Bearer',
  issuedAtMs: 1,
  expiresAtMs: 2,
}
const refreshToken = {
  account: 'idp.example|alice|',
  token: 'secret',
  requestedScopes: ['read'],
  grantedScopes: [],
  issuedAtMs: 1,
}
const accountRecord = {
  idToken: 'a.b.c',
  authority: 'https://idp.example',
  account: {
    id: 'idp.example|alice|',
    homeAccountId: 'alice',
    environment: 'idp.example',
    tenantId: '',
    localAccountId: 'alice',
    username: 'alice@example.com',
    name: 'Alice',
    idTokenClaims: { iss: 'https://idp.example', sub: 'alice' },
  },
}
const damage = fc.oneof(
  fc.constant(undefined),
  fc.jsonValue().filter((v) => typeof v === 'object'),
)

describe.each([
  ['access token', parseAccessTokenRecord, accessToken],
  ['refresh token', parseRefreshTokenRecord, refreshToken],
  ['account', parseAccountRecord, accountRecord],
] as const)('a stored %s', (_name, parse, whole) => {
  test('is read back as it was written', () => {
    expect(parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
  })

  test('is no exception whatever the store holds', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(() => parse(value)).not.toThrow()
      }),
    )
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parse(value)).toBeUndefined()
      }),
    )
  })

  test('is nothing where any of its fields is missing or of another kind', () => {
    const lists = ['requestedScopes', 'grantedScopes']
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(whole)), damage, (field, value) => {
        fc.pre(!(lists.includes(field) && Array.isArray(value)))
        expect(parse({ ...whole, [field]: value })).toBeUndefined()
      }),
    )
  })
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, '2', null])(
  'a token that ends at %j is not read',
  (expiresAtMs) => {
    expect(parseAccessTokenRecord({ ...accessToken, expiresAtMs })).toBeUndefined()
  },
)

test('scopes that are not texts make a token unreadable', () => {
  expect(parseAccessTokenRecord({ ...accessToken, grantedScopes: ['a', 1] })).toBeUndefined()
  expect(parseRefreshTokenRecord({ ...refreshToken, requestedScopes: [null] })).toBeUndefined()
})

test('an account without a subject in its claims is not read', () => {
  const { account } = accountRecord
  const idTokenClaims = { iss: 'https://idp.example' }
  const record = { ...accountRecord, account: { ...account, idTokenClaims } }
  expect(parseAccountRecord(record)).toBeUndefined()
})
