import { expect, test } from 'vitest'
import { hintsOf } from './who.ts'

test('further parameters are hints, unless the request has a field for them', () => {
  const extraQueryParameters = {
    login_hint: 'extra',
    domain_hint: 'contoso.example',
    max_age: '60',
  }
  expect(hintsOf({ loginHint: 'alice', extraQueryParameters })).toEqual({
    loginHint: 'alice',
    domainHint: 'contoso.example',
    maxAge: '60',
  })
})
