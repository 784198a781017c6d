import { expect, test } from 'vitest'
import { declinedOf } from './declined-of.ts'
import type { AccessTokenRecord } from './token-record.ts'

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
  declinedOf(record(requested, granted), { texts: asked, profile: 'oidc' })

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
