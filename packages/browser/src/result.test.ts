import { type AccessTokenRecord, accountFromClaims } from '@carnet/core'
import { expect, test } from 'vitest'
import { toResult } from './result.ts'

const account = accountFromClaims({ iss: 'https://idp.example', sub: 'alice', name: 'Alice' })
const owner = { account, idToken: 'a.b.c', authority: 'https://idp.example' }
const readOnly = { texts: ['read'], profile: 'oidc' } as const
const how = { fromCache: true, correlationId: 'c-1' }

const record = (requested: string[], granted: string[]): AccessTokenRecord => ({
  account: 'idp.example|alice|',
  resource: '',
  requestedScopes: requested,
  grantedScopes: granted,
  token: 'token',
  tokenType: 'Bearer',
  issuedAtMs: 0,
  expiresAtMs: 60_000,
})
const declined = (requested: string[], granted: string[], asked = requested) =>
  toResult(record(requested, granted), owner, { texts: asked, profile: 'oidc' }, how).declinedScopes

test('a result says what the token is, whose it is and where it came from', () => {
  const result = toResult(record(['read'], ['read']), owner, readOnly, { ...how, state: 'x' })
  expect([result.accessToken, result.tokenType, result.idToken]).toEqual([
    'token',
    'Bearer',
    'a.b.c',
  ])
  expect(result.expiresOn).toEqual(new Date(60_000))
  expect(result.refreshOn).toBeUndefined()
  expect(result.account).toBe(account)
  expect(result.idTokenClaims.name).toBe('Alice')
  expect([result.uniqueId, result.authority]).toEqual(['alice', 'https://idp.example'])
  expect([result.fromCache, result.correlationId, result.state]).toEqual([true, 'c-1', 'x'])
})

test('the time at which the provider would like a renewal is told', () => {
  const token = { ...record([], []), refreshAtMs: 30_000 }
  expect(toResult(token, owner, { texts: [], profile: 'oidc' }, how).refreshOn).toEqual(
    new Date(30_000),
  )
})

test('what was asked and not granted is declined', () => {
  expect(declined(['read', 'write'], ['read'])).toEqual(['write'])
  expect(declined(['read'], [])).toEqual(['read'])
})

test('what was granted as asked leaves nothing declined', () => {
  expect(declined(['read'], ['read'])).toEqual([])
  expect(declined(['read', 'write'], ['read', 'write'], ['read'])).toEqual([])
  expect(declined([], ['extra'])).toEqual([])
})

test('a scope that came back under another name is not declined', () => {
  expect(declined(['Read'], ['https://api/Read'])).toEqual([])
})

test('of two scopes of which one came back under another name, the other may be declined', () => {
  expect(declined(['Read', 'Write'], ['https://api/Read'])).toEqual(['Read', 'Write'])
})
