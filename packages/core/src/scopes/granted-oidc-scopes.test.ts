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
  ['the listed scopes', ['email', 'openid', 'read'], undefined, undefined, ['email', 'openid']],
  ['`openid`, with an ID token', ['read'], {}, undefined, ['openid']],
  ['`offline_access`, with a refresh token', [], undefined, 'r', ['offline_access']],
  ['`email`, with its claims', ['read'], { email_verified: false }, undefined, ['email', 'openid']],
  ['`profile`, with a name', ['read'], { name: 'Alice' }, undefined, ['openid', 'profile']],
  ['no scope, without any of these', ['read'], undefined, undefined, []],
])('a response grants %s', (_what, listed, claims, refreshToken, granted) => {
  expect(grantedOidcScopes(grant(listed, claims, refreshToken), sent)).toEqual(granted)
})

test('claims do not prove a scope that was not requested', () => {
  const answer = grant(['read'], { email: 'a@idp.example' }, 'r')
  expect(grantedOidcScopes(answer, ['openid', 'read'])).toEqual(['openid'])
})
