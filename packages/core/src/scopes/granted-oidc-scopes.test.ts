import { expect, test } from 'vitest'
import { grantedOidcScopes } from './granted-oidc-scopes.ts'

const ids = { iss: 'https://idp.example', sub: 'alice' }
const sent = ['email', 'offline_access', 'openid', 'profile', 'read']
const grant = (grantedScopes: string[], claims: object | undefined, refreshToken?: string) => ({
  grantedScopes,
  idTokenClaims: claims && { ...ids, ...claims },
  refreshToken,
})

test.each<[string, string[], object | undefined, string | undefined, string[]]>([
  ['those that it lists', ['email', 'openid', 'read'], undefined, undefined, ['email', 'openid']],
  ['`openid`, where an ID token came', ['read'], {}, undefined, ['openid']],
  ['`offline_access`, where a refresh token came', [], undefined, 'r', ['offline_access']],
  [
    '`email`, where its claims came',
    ['read'],
    { email_verified: false },
    undefined,
    ['email', 'openid'],
  ],
  ['`profile`, where a name came', ['read'], { name: 'Alice' }, undefined, ['openid', 'profile']],
  ['none, where nothing shows one', ['read'], undefined, undefined, []],
])('a response grants %s', (_what, listed, claims, refreshToken, granted) => {
  expect(grantedOidcScopes(grant(listed, claims, refreshToken), sent)).toEqual(granted)
})

test('claims do not prove a scope that was not requested', () => {
  const answer = grant(['read'], { email: 'a@idp.example' }, 'r')
  expect(grantedOidcScopes(answer, ['openid', 'read'])).toEqual(['openid'])
})
