import { expect, test } from 'vitest'
import * as browser from './index.ts'
import * as testing from './testing/index.ts'

test('the public names are these and no others', () => {
  expect(Object.keys(browser).sort()).toEqual([
    'AuthError',
    'InteractionRequiredError',
    'ScopeSet',
    'createAuthClient',
    'isAuthError',
    'isInteractionRequired',
    'scopeBuilder',
  ])
})

test('the public names for tests of apps are these and no others', () => {
  expect(Object.keys(testing).sort()).toEqual(['seedSession'])
})
