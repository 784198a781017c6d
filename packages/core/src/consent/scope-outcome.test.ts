import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resourceScopes } from '../scopes/scope-values.ts'
import { DIALECTS } from '../testing/dialects.ts'
import type { ConsentState } from './consent-ledger.ts'
import { type ScopeAnswer, scopeOutcomes } from './scope-outcome.ts'

const SENT = ['offline_access', 'openid', 'profile', 'read', 'write']

/** The outcome of `read` and `write` for a response with `scope`. */
const judge = (
  scope: string,
  how: Partial<ScopeAnswer> = {},
  before: (ConsentState | undefined)[] = [],
  isListed = false,
) => {
  const granted = resourceScopes(scope.split(' '))
  const question = { requestedScopes: ['read', 'write'], dialect: DIALECTS.oidc } as const
  return scopeOutcomes(question, { granted, sent: SENT, ...how }, before, isListed).join(' ')
}

describe('after an interaction', () => {
  test.each<[string, string, string, Partial<ScopeAnswer>?]>([
    ['names all scopes', 'openid profile read write', 'granted granted'],
    ['names one of two scopes: the user narrowed the page', 'openid read', 'granted declined'],
    ['repeats no scope of the API', 'openid profile', 'unknown unknown'],
    ['omits `openid`, which it granted', 'read', 'granted unknown', { isComplete: false }],
    ['adds scopes to the requested scopes', 'openid read write admin', 'granted granted'],
    ['adds as many as it omits', 'openid read admin', 'granted unknown'],
    [
      'puts the name of the API before the scopes',
      'openid https://api/read api:write',
      'granted granted',
    ],
    ['renames the scopes', 'openid r w', 'unknown unknown'],
  ])('a response that %s', (_what, scope, outcome, how) => {
    expect(judge(scope, how)).toBe(outcome)
  })

  test('if the provider listed scopes before, an empty list means declined', () => {
    expect(judge('openid', {}, [], true)).toBe('declined declined')
  })

  test('the user may grant a declined scope later', () => {
    expect(judge('openid read write', {}, ['declined', 'declined'])).toBe('granted granted')
    expect(judge('openid read', {}, ['declined', 'granted'])).toBe('granted declined')
  })
})

describe('after a refresh or a hidden iframe, without the user', () => {
  test.each<[string, ConsentState | undefined, string]>([
    ['declined', 'declined', 'declined'],
    ['granted', 'granted', 'unknown'],
    ['never requested', undefined, 'unknown'],
    ['unknown', 'unknown', 'unknown'],
  ])('a scope that was %s before, and is missing now', (_what, before, outcome) => {
    expect(judge('openid read', { isInteractive: false }, ['granted', before])).toBe(
      `granted ${outcome}`,
    )
  })

  test('a response without scopes of the API keeps the grants', () => {
    const before: ConsentState[] = ['granted', 'declined']
    expect(judge('openid', { isInteractive: false }, before)).toBe('granted declined')
    expect(judge('read', { isInteractive: false, isComplete: false }, ['granted', 'granted'])).toBe(
      'granted granted',
    )
  })

  test('never turns another state into declined', () => {
    const state = fc.constantFrom<ConsentState | undefined>(
      'granted',
      'refused',
      'unknown',
      undefined,
    )
    const scopes = fc.subarray(['openid', 'read', 'write', 'other', 'api/read'])
    fc.assert(
      fc.property(
        scopes,
        fc.tuple(state, state),
        fc.boolean(),
        fc.boolean(),
        (listed, before, isComplete, isListed) => {
          const how = { isInteractive: false, isComplete }
          expect(judge(listed.join(' '), how, before, isListed)).not.toContain('declined')
        },
      ),
    )
  })
})

test('on Entra, where consent is all or nothing, a missing scope was declined', () => {
  const granted = ['https://graph.microsoft.com/user.read']
  const question = { requestedScopes: ['User.Read', 'Mail.Send'], dialect: DIALECTS.entra } as const
  expect(scopeOutcomes(question, { granted, sent: [] }, [], false)).toEqual(['granted', 'declined'])
})
