import fc from 'fast-check'
import { expect, test } from 'vitest'
import { difference, resourceScopes, toScopeValues } from '../scopes/scope-values.ts'
import { union } from '../scopes/union.ts'
import { planEntraRefresh } from './entra/refresh-plan.ts'
import { planRefresh } from './oidc/refresh-plan.ts'

const held = (requested: string, granted: string) => ({
  requestedScopes: toScopeValues(requested),
  grantedScopes: toScopeValues(granted),
})
const sets = fc.subarray(['a', 'b', 'c', 'd', 'offline_access', 'openid']).map(toScopeValues)
const wanted = fc.subarray(['a', 'b', 'c', 'd']).map(toScopeValues)

test('granted scopes are requested by name, with the OpenID Connect scopes of the grant', () => {
  expect(planRefresh(held('openid read write', 'openid read write'), ['read'])).toEqual({
    type: 'ask',
    scopes: ['openid', 'read'],
  })
})

test('offline_access that was never granted is not repeated', () => {
  const plan = planRefresh(held('mail offline_access openid read', 'mail openid read'), ['read'])
  expect(plan).toEqual({ type: 'ask', scopes: ['openid', 'read'] })
})

test.each([[['read', 'write']], [['write']]])(
  'if a response did not list all of %j, the whole grant is requested',
  (scopes) => {
    const plan = planRefresh(held('openid read write', 'openid read'), scopes)
    expect(plan).toEqual({ type: 'all', assumed: ['openid', 'read'] })
  },
)

test('if no response listed `openid`, the whole grant is requested, to keep all claims', () => {
  const plan = planRefresh(held('email openid read write', 'read write'), ['read'])
  expect(plan).toEqual({ type: 'all', assumed: ['read', 'write'] })
})

test('a new scope is requested', () => {
  const plan = planRefresh(held('openid read', 'openid read'), ['mail'])
  expect(plan).toEqual({ type: 'ask', scopes: ['mail', 'openid'] })
})

test('if the server renames scopes, the whole grant is requested', () => {
  const renamed = held('Read', 'https://api/Read')
  expect(planRefresh(renamed, ['Read'])).toEqual({ type: 'all', assumed: ['https://api/Read'] })
})

test('if the whole grant is requested, `scope` is omitted', () => {
  const plan = planRefresh(held('offline_access openid read', 'offline_access openid read'), [
    'read',
  ])
  expect(plan).toEqual({ type: 'all', assumed: ['offline_access', 'openid', 'read'] })
})

test('without a scope to name, the whole grant is requested', () => {
  expect(planRefresh(held('', ''), [])).toEqual({ type: 'all', assumed: [] })
})

test('unlisted scopes are not named, unless a new scope is requested', () => {
  fc.assert(
    fc.property(sets, sets, wanted, (requestedScopes, grantedScopes, scopes) => {
      const plan = planRefresh({ requestedScopes, grantedScopes }, scopes)
      const isNew = difference(scopes, union(requestedScopes, grantedScopes)).length > 0
      if (plan.type !== 'ask' || isNew) return
      expect(difference(plan.scopes, grantedScopes)).toEqual([])
    }),
  )
})

test('only scopes of the query or of the grant are requested', () => {
  fc.assert(
    fc.property(sets, sets, wanted, (requestedScopes, grantedScopes, scopes) => {
      const plan = planRefresh({ requestedScopes, grantedScopes }, scopes)
      if (plan.type !== 'ask') return
      expect(difference(plan.scopes, union(grantedScopes, scopes))).toEqual([])
      expect(plan.scopes).not.toHaveLength(0)
    }),
  )
})

test('a part of a grant without renamed scopes is requested by name', () => {
  fc.assert(
    fc.property(sets, wanted, (scopes, asked) => {
      fc.pre(asked.length > 0)
      const grant = union(scopes, asked)
      const plan = planRefresh({ requestedScopes: grant, grantedScopes: grant }, asked)
      const isWhole = difference(resourceScopes(grant), asked).length === 0
      expect(plan.type).toBe(isWhole ? 'all' : 'ask')
    }),
  )
})

test('a refresh at Entra repeats the OpenID Connect scopes of the sign-in', () => {
  const plan = (requested: string) => planEntraRefresh(held(requested, ''), ['Mail.Read'])
  expect(plan('User.Read email offline_access openid')).toEqual({
    type: 'ask',
    scopes: ['Mail.Read', 'email', 'offline_access', 'openid'],
  })
  expect(plan('User.Read')).toEqual({
    type: 'ask',
    scopes: ['Mail.Read', 'offline_access', 'openid', 'profile'],
  })
})
