import { expect, test } from 'vitest'
import { accountFromClaims, DIALECTS, entraAccountFromClaims } from '../testing/dialects.ts'

const iss = 'https://idp.example/realms/a'
const alice = accountFromClaims({ iss, sub: 'alice' })
const guest = entraAccountFromClaims({ iss, sub: 's' }, 'login.microsoftonline.com', 'u.t')

test.each([
  [iss, true],
  [`${iss}/`, true],
  ['https://idp.example/realms/b', false],
  ['https://idp.example', false],
  ['https://other.example/realms/a', false],
])('%s serves an account of a plain provider: %s', (authority, serves) => {
  expect(DIALECTS.oidc.servesAccount(authority, alice)).toBe(serves)
})

test.each([
  ['https://login.microsoftonline.com/common', true],
  ['https://login.windows.net/contoso.onmicrosoft.com', true],
  ['https://login.microsoftonline.us/common', false],
  ['https://evil.ciamlogin.com/', false],
])('%s serves an account of Entra: %s', (authority, serves) => {
  expect(DIALECTS.entra.servesAccount(authority, guest)).toBe(serves)
})
