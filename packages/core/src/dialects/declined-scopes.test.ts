import { expect, test } from 'vitest'
import { declinedScopes } from './declined-scopes.ts'

test('what was asked and not granted is declined, in the spelling of the caller', () => {
  expect(declinedScopes(['a', 'b'], ['a'], ['a', 'b'], 'oidc')).toEqual(['b'])
  const asked = ['User.Read', 'Mail.Send']
  const granted = ['https://graph.microsoft.com/user.read']
  expect(declinedScopes(asked, granted, granted, 'entra')).toEqual(['Mail.Send'])
})

test('a new name for what was asked is not a refusal', () => {
  expect(declinedScopes(['a'], ['https://api.example/a'], ['a'], 'oidc')).toEqual([])
})

test('an earlier grant that was sent again is not a new name', () => {
  expect(declinedScopes(['b'], ['a'], ['a', 'b'], 'oidc')).toEqual(['b'])
})

test('on Entra, which grants what was consented to before, nothing counts as a new name', () => {
  const granted = ['https://graph.microsoft.com/files.read']
  expect(declinedScopes(['Mail.Send'], granted, [], 'entra')).toEqual(['Mail.Send'])
})
