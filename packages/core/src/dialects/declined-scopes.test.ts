import { expect, test } from 'vitest'
import { DIALECTS } from '../testing/dialects.ts'

test("requested scopes without a grant are declined, in the caller's spelling", () => {
  expect(DIALECTS.oidc.declinedScopes(['a', 'b'], ['a'], ['a', 'b'])).toEqual(['b'])
  const asked = ['User.Read', 'Mail.Send']
  const granted = ['https://graph.microsoft.com/user.read']
  expect(DIALECTS.entra.declinedScopes(asked, granted, granted)).toEqual(['Mail.Send'])
})

test('a renamed scope is not declined', () => {
  expect(DIALECTS.oidc.declinedScopes(['a'], ['https://api.example/a'], ['a'])).toEqual([])
})

test('an earlier grant that was sent again does not count as a renamed scope', () => {
  expect(DIALECTS.oidc.declinedScopes(['b'], ['a'], ['a', 'b'])).toEqual(['b'])
})

test('on Entra, no scope counts as renamed, because it also grants earlier consents', () => {
  const granted = ['https://graph.microsoft.com/files.read']
  expect(DIALECTS.entra.declinedScopes(['Mail.Send'], granted, [])).toEqual(['Mail.Send'])
})
