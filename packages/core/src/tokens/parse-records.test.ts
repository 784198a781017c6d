import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountFormat, parseAccountRecord } from '../accounts/account.ts'
import { accessTokenFormat } from './access-token-format.ts'
import { refreshTokenFormat } from './refresh-token-format.ts'
import type { AccessTokenRecord, RefreshTokenRecord } from './token-record.ts'

const accessToken: AccessTokenRecord = {
  owner: 'idp.example|alice|',
  resource: '',
  requestedScopes: ['read'],
  grantedScopes: ['read'],
  token: 'secret',
  tokenType: 'Bearer',
  issuedAtMs: 1,
  expiresAtMs: 2,
}
const refreshToken: RefreshTokenRecord = {
  owner: 'idp.example|alice|',
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
  ['access token', accessTokenFormat, accessTokenFormat.write(accessToken)],
  ['refresh token', refreshTokenFormat, refreshTokenFormat.write(refreshToken)],
  ['account', { read: parseAccountRecord }, accountFormat.write(accountRecord)],
] as const)('a stored %s', (_name, { read: parse }, whole) => {
  test('is read unchanged', () => {
    const { version, ...record } = whole
    expect(version).toBeGreaterThan(0)
    expect(parse(JSON.parse(JSON.stringify(whole)))).toEqual(record)
  })

  test('of a later version is not read', () => {
    expect(parse({ ...whole, version: whole.version + 1 })).toBeUndefined()
  })

  test('never throws', () => {
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

  test('is ignored if a field is missing or has the wrong type', () => {
    const lists = ['requestedScopes', 'grantedScopes']
    const required = Object.keys(whole).filter((field) => field !== 'version')
    fc.assert(
      fc.property(fc.constantFrom(...required), damage, (field, value) => {
        fc.pre(!(lists.includes(field) && Array.isArray(value)))
        expect(parse({ ...whole, [field]: value })).toBeUndefined()
      }),
    )
  })
})

test.each([Number.NaN, Number.POSITIVE_INFINITY, '2', null])(
  'a token that ends at %j is not read',
  (expiresAtMs) => {
    expect(accessTokenFormat.read({ ...accessToken, version: 2, expiresAtMs })).toBeUndefined()
  },
)

test('a token with scopes that are no strings is not read', () => {
  expect(
    accessTokenFormat.read({ ...accessToken, version: 2, grantedScopes: ['a', 1] }),
  ).toBeUndefined()
  expect(
    refreshTokenFormat.read({ ...refreshToken, version: 2, requestedScopes: [null] }),
  ).toBeUndefined()
})

test('an account without a subject in its claims is not read', () => {
  const { account } = accountRecord
  const idTokenClaims = { iss: 'https://idp.example' }
  const record = { ...accountRecord, account: { ...account, idTokenClaims } }
  expect(parseAccountRecord(record)).toBeUndefined()
})

test('tokens of version 1, which had no version and named the owner `account`, are read', () => {
  const old = <T extends { owner: string }>({ owner, ...same }: T) => ({ ...same, account: owner })
  expect(accessTokenFormat.read(old(accessToken))).toEqual(accessToken)
  expect(refreshTokenFormat.read(old(refreshToken))).toEqual(refreshToken)
  expect(refreshTokenFormat.read({ ...old(refreshToken), account: undefined })).toBeUndefined()
})
