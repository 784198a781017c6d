import { expect, test } from 'vitest'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { DIALECTS } from '../testing/dialects.ts'
import { declinedOf } from './declined-of.ts'
import { toTokenQuery } from './token-query.ts'
import type { AccessTokenRecord } from './token-record.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })

const record = (requested: string[], granted: string[]): AccessTokenRecord => ({
  owner: 'idp.example|alice|',
  resource: '',
  requestedScopes: requested,
  grantedScopes: granted,
  token: 'token',
  tokenType: 'Bearer',
  issuedAtMs: 0,
  expiresAtMs: 60_000,
})
const declined = (requested: string[], granted: string[], asked = requested) =>
  declinedOf(record(requested, granted), {
    requestedScopes: asked,
    scopeKeys: asked,
    dialect: DIALECTS.oidc,
  })

test('requested scopes without a grant are declined', () => {
  expect(declined(['read', 'write'], ['read'])).toEqual(['write'])
  expect(declined(['read'], [])).toEqual(['read'])
})

test('no scope is declined if all were granted', () => {
  expect(declined(['read'], ['read'])).toEqual([])
  expect(declined(['read', 'write'], ['read', 'write'], ['read'])).toEqual([])
  expect(declined([], ['extra'])).toEqual([])
})

test('a scope that came back under another name is not declined', () => {
  expect(declined(['Read'], ['https://api/Read'])).toEqual([])
})

test('if one of two scopes was renamed, the other may be declined', () => {
  expect(declined(['Read', 'Write'], ['https://api/Read'])).toEqual(['Read', 'Write'])
})

test('declined scopes of a record count, even if other scopes are missing', () => {
  const said = { ...record(['a', 'b', 'c'], ['a']), declinedScopes: ['b'] }
  const question = {
    requestedScopes: ['a', 'b', 'c'],
    scopeKeys: ['a', 'b', 'c'],
    dialect: DIALECTS.oidc,
  } as const
  expect(declinedOf(said, question)).toEqual(['b'])
  expect(declinedOf({ ...said, declinedScopes: [] }, question)).toEqual([])
})

test("on Entra the result has the caller's spelling", () => {
  const graph = 'https://graph.microsoft.com'
  const said = { ...record([], []), declinedScopes: [`${graph}/mail.send`] }
  const question = toTokenQuery(alice, ['Mail.Send', 'User.Read'], { dialect: DIALECTS.entra })
  expect(declinedOf(said, question)).toEqual(['Mail.Send'])
})
