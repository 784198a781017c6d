import { expect, test } from 'vitest'
import { declinedScopes } from './declined-scopes.ts'

test("requested scopes without a grant are declined, in the caller's spelling", () => {
  expect(declinedScopes(['a', 'b'], ['a'], ['a', 'b'], 'oidc')).toEqual(['b'])
  const asked = ['User.Read', 'Mail.Send']
  const granted = ['https://graph.microsoft.com/user.read']
  expect(declinedScopes(asked, granted, granted, 'entra')).toEqual(['Mail.Send'])
})

test('a renamed scope is not declined', () => {
  expect(declinedScopes(['a'], ['https://api.example/a'], ['a'], 'oidc')).toEqual([])
})

test('an earlier grant that was sent again does not count as a renamed scope', () => {
  expect(declinedScopes(['b'], ['a'], ['a', 'b'], 'oidc')).toEqual(['b'])
})

test('on Entra, no scope counts as renamed, because it also grants earlier consents', () => {
  const granted = ['https://graph.microsoft.com/files.read']
  expect(declinedScopes(['Mail.Send'], granted, [], 'entra')).toEqual(['Mail.Send'])
})
