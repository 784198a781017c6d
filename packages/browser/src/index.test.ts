import { expect, test } from 'vitest'
import * as browser from './index.ts'
import * as testing from './testing/index.ts'

test('exactly these names are public', () => {
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

test('exactly these public names are for tests of apps', () => {
  expect(Object.keys(testing).sort()).toEqual(['createTestClient', 'seedSession'])
})
