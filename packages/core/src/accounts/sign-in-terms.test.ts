import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseAccountRecord } from './account.ts'
import { accountFromClaims } from './account-claims.ts'
import { signInTermsOf } from './sign-in-terms.ts'

const account = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const stored = (signedInWith: unknown) =>
  parseAccountRecord({ account, idToken: 'i', authority: 'https://idp.example', signedInWith })

test('stored terms of a sign-in are read unchanged', () => {
  const terms = {
    oidcScopes: ['email'],
    parameters: { authorization: { audience: 'a' }, token: {} },
    parametersKey: 'p',
    grantKey: 'g',
  }
  expect(signInTermsOf(stored(terms))).toEqual(terms)
})

test('an account of an early version has no terms', () => {
  expect(signInTermsOf(stored(undefined))).toEqual({})
  expect(signInTermsOf(undefined)).toEqual({})
})

test('malformed terms do not stop the account from loading, and keys come only with their parameters', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const record = stored(value)
      expect(record?.account).toEqual(account)
      const { oidcScopes = [], parameters, parametersKey } = signInTermsOf(record)
      expect(oidcScopes.every((scope) => typeof scope === 'string')).toBe(true)
      if (parameters === undefined) expect(parametersKey).toBeUndefined()
    }),
  )
})
