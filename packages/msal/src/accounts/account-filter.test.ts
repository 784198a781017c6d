import type { Account } from '@carnet/browser'
import { expect, test } from 'vitest'
import { isEmpty, matches } from './account-filter.ts'
import { toAccountInfo } from './account-info.ts'

const claims = {
  iss: 'https://login.microsoftonline.com/home/v2.0',
  sub: 'subject',
  tid: 'home',
  oid: 'alice',
  preferred_username: 'Alice@Contoso.example',
  login_hint: 'O.alice',
  sid: 'session',
  signin_state: ['kmsi'],
}
const account: Account = {
  id: 'a',
  homeAccountId: 'alice.home',
  environment: 'login.microsoftonline.com',
  tenantId: 'home',
  localAccountId: 'alice',
  username: 'Alice@Contoso.example',
  name: 'Alice',
  idTokenClaims: claims,
}
const info = toAccountInfo(account, 'a.b.c', true)

test('an account has the fields of the original', () => {
  expect(info).toMatchObject({
    environment: 'login.windows.net',
    authorityType: 'MSSTS',
    idToken: 'a.b.c',
    loginHint: 'O.alice',
    kmsi: true,
    tenantId: 'home',
  })
  expect(info.tenantProfiles?.get('home')).toMatchObject({ isHomeTenant: true, name: 'Alice' })
})

test('the realm is the home tenant, also for a guest, and its profile comes first', () => {
  const guest = {
    ...account,
    tenantId: 'guest',
    localAccountId: 'alice-there',
    idTokenClaims: { ...account.idTokenClaims, tid: 'guest', oid: 'alice-there' },
    tenantProfiles: [
      { tenantId: 'home', localAccountId: 'alice', isHomeTenant: true, username: 'a', name: 'A' },
    ],
  }
  const there = toAccountInfo(guest, undefined, true)
  expect([...(there.tenantProfiles?.keys() ?? [])]).toEqual(['home', 'guest'])
  expect([matches(there, { realm: 'home' }), matches(there, { realm: 'guest' })]).toEqual([
    true,
    false,
  ])
})

test('a provider with a path is named by its host, and a user without a name has none', () => {
  const plain = { iss: 'https://sso.example/realms/a', sub: 'bob', email: 'bob@example.com' }
  const bob = { ...account, environment: 'sso.example/realms/a', idTokenClaims: plain }
  expect(toAccountInfo(bob, undefined, false)).toMatchObject({
    environment: 'sso.example',
    username: '',
    tenantId: '',
    authorityType: 'Generic',
    kmsi: false,
  })
})

test.each([
  { username: 'alice@contoso.example' },
  { homeAccountId: 'alice.home', localAccountId: 'alice' },
  { environment: 'login.microsoftonline.com' },
  { realm: 'home' },
  { sid: 'session' },
  { loginHint: 'O.alice' },
  { loginHint: info.username },
  { authorityType: 'mssts' },
  { idTokenClaims: {} },
  { isHomeTenant: true },
  { name: 'Alice' },
])('the filter %j finds the account', (filter) => {
  expect(matches(info, filter)).toBe(true)
})

test.each([
  { username: 'bob@contoso.example' },
  { homeAccountId: 'alice.home', localAccountId: 'bob' },
  { environment: 'login.example.com' },
  { realm: 'guest' },
  { loginHint: 'ALICE@contoso.example' },
  { sid: 'other' },
  { loginHint: 'O.bob' },
  { isHomeTenant: false },
  { name: 'alice' },
])('the filter %j finds no account', (filter) => {
  expect(matches(info, filter)).toBe(false)
})

test('a filter without values is empty', () => {
  expect(isEmpty({})).toBe(true)
  expect(isEmpty({ username: '' })).toBe(true)
  expect(isEmpty({ isHomeTenant: false })).toBe(false)
})
