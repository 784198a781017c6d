import { type Account, createAccountRegistry, createMemoryStore } from '@carnet/core'
import { expect, test } from 'vitest'
import { addsTo } from './adds-to.ts'

const accountOf = (sub: string, claims: object = {}): Account => ({
  id: `idp.example|${sub}|`,
  homeAccountId: sub,
  localAccountId: sub,
  environment: 'idp.example',
  tenantId: '',
  username: `${sub}@example.com`,
  name: undefined,
  idTokenClaims: { iss: 'https://idp.example', sub, ...claims },
})
const alice = accountOf('alice', { login_hint: 'opaque-alice' })
const bob = accountOf('bob')

const accounts = createAccountRegistry('spa', createMemoryStore())
for (const account of [alice, bob])
  accounts.put({ account, idToken: 'x', authority: 'https://idp.example' })
accounts.activate(alice)

const cases = [
  ['no user', {}, 'alice'],
  ['her username', { loginHint: 'alice@example.com' }, 'alice'],
  [
    'her username and domain',
    { loginHint: 'alice@example.com', domainHint: 'example.com' },
    'alice',
  ],
  ['her login hint of the provider', { loginHint: 'opaque-alice' }, 'alice'],
  ['the username of another user', { loginHint: 'bob@example.com' }, undefined],
  ['a session', { sid: 's-1' }, undefined],
  ['a domain', { domainHint: 'example.org' }, undefined],
  ['a choice of accounts', { prompt: 'select_account' }, undefined],
  ['a fresh sign-in', { prompt: 'login' }, undefined],
  ['a new account', { prompt: 'create' }, undefined],
  ['another account', { account: bob, loginHint: 'bob@example.com' }, 'bob'],
  ['a removed account', { account: accountOf('carol') }, undefined],
] as const

test.each(cases)('a request that names %s', (_what, request, who) => {
  expect(addsTo(request, accounts)?.homeAccountId).toBe(who)
})

test('a missing hint does not match an account without a hint', () => {
  accounts.activate(bob)
  expect(addsTo({ sid: 's-1' }, accounts)).toBeUndefined()
})
