import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accountFromClaims, entraAccountFromClaims } from '../testing/dialects.ts'
import { accountKey } from './account.ts'
import { environmentOf } from './account-claims.ts'
import { refreshTokenKey } from './refresh-token-key.ts'

const iss = 'https://login.example.com/realms/a/'
const ids = fc.record({
  environment: fc.string(),
  homeAccountId: fc.string(),
  tenantId: fc.string(),
})

test('the environment is the issuer without its scheme and the slash at its end', () => {
  expect(environmentOf(iss)).toBe('login.example.com/realms/a')
  expect(environmentOf('http://localhost:4400')).toBe('localhost:4400')
})

test.each([
  [{ preferred_username: 'p', email: 'e', upn: 'u' }, 'p'],
  [{ email: 'e', upn: 'u' }, 'e'],
  [{ upn: 'u' }, 'u'],
  [{ preferred_username: '', email: 7 }, 'alice'],
])('the username of %j is %s', (claims, username) => {
  expect(accountFromClaims({ iss, sub: 'alice', ...claims }).username).toBe(username)
})

test('an account cannot be changed, nor can its claims', () => {
  const account = accountFromClaims({ iss, sub: 'alice' })
  expect(Reflect.set(account, 'homeAccountId', 'bob')).toBe(false)
  expect(Reflect.set(account.idTokenClaims, 'sub', 'bob')).toBe(false)
})

test('equal ids have equal keys, and other ids other keys', () => {
  fc.assert(
    fc.property(ids, ids, (a, b) => {
      const same =
        a.environment === b.environment &&
        a.homeAccountId === b.homeAccountId &&
        a.tenantId === b.tenantId
      expect(accountKey(a) === accountKey(b)).toBe(same)
      expect(accountKey({ ...a })).toBe(accountKey(a))
    }),
  )
})

test('ids with the separator stay distinct', () => {
  const one = accountKey({ environment: 'a|b', homeAccountId: 'c', tenantId: '' })
  const other = accountKey({ environment: 'a', homeAccountId: 'b|c', tenantId: '' })
  expect(one).not.toBe(other)
})

test('the same subject of two issuers is two accounts', () => {
  const here = accountFromClaims({ iss: 'https://a.example', sub: 'alice' })
  const there = accountFromClaims({ iss: 'https://b.example', sub: 'alice' })
  expect(accountKey(here)).not.toBe(accountKey(there))
})

test('a subject with a lone surrogate, which JSON allows, has a key too', () => {
  const account = accountFromClaims({ iss, sub: JSON.parse('"\\ud800"') })
  expect(() => accountKey(account)).not.toThrow()
})

describe('an account of Entra', () => {
  const host = 'login.microsoftonline.com'
  const claims = {
    iss: `https://${host}/t-guest/v2.0`,
    sub: 'pairwise',
    tid: 't-guest',
    oid: 'o-1',
    preferred_username: 'alice@contoso.example',
    name: 'Alice',
  }

  test('has a home account and one tenant', () => {
    expect(entraAccountFromClaims(claims, host, 'u-1.t-home')).toEqual({
      id: `${host}|u-1.t-home|t-guest`,
      homeAccountId: 'u-1.t-home',
      environment: host,
      tenantId: 't-guest',
      localAccountId: 'o-1',
      username: 'alice@contoso.example',
      name: 'Alice',
      idTokenClaims: claims,
    })
  })

  test.each([
    [{ tid: undefined, oid: undefined }, '', 'pairwise'],
    [{ tid: 7, oid: ['o'] }, '', 'pairwise'],
    [{ tid: '', oid: '' }, '', 'pairwise'],
  ])('with the claims %j has the tenant %j and the local id %s', (changes, tenantId, localId) => {
    const account = entraAccountFromClaims({ ...claims, ...changes }, host, undefined)
    expect([account.tenantId, account.localAccountId]).toEqual([tenantId, localId])
    expect(account.homeAccountId).toBe('pairwise')
  })

  test('cannot be changed, nor can its claims', () => {
    const account = entraAccountFromClaims({ ...claims }, host, 'u-1.t-home')
    expect(Reflect.set(account, 'tenantId', 't-evil')).toBe(false)
    expect(Reflect.set(account.idTokenClaims, 'tid', 't-evil')).toBe(false)
  })
})

test('two accounts share a refresh token exactly if they have the same home account', () => {
  fc.assert(
    fc.property(ids, ids, (a, b) => {
      const same = a.environment === b.environment && a.homeAccountId === b.homeAccountId
      expect(refreshTokenKey(a) === refreshTokenKey(b)).toBe(same)
      expect(refreshTokenKey({ ...a, tenantId: b.tenantId })).toBe(refreshTokenKey(a))
    }),
  )
})
