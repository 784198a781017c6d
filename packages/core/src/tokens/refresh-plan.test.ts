import fc from 'fast-check'
import { expect, test } from 'vitest'
import { difference, toScopeValues, union } from '../scopes/scope-values.ts'
import { planRefresh } from './refresh-plan.ts'

const held = (requested: string, granted: string) => ({
  requestedScopes: toScopeValues(requested),
  grantedScopes: toScopeValues(granted),
})
const sets = fc.subarray(['a', 'b', 'c', 'd', 'offline_access', 'openid']).map(toScopeValues)
const wanted = fc.subarray(['a', 'b', 'c', 'd']).map(toScopeValues)

test('what was granted is asked for by name, with the OpenID Connect scopes of the grant', () => {
  expect(planRefresh(held('openid read write', 'openid read write'), ['read'])).toEqual({
    type: 'ask',
    scopes: ['openid', 'read'],
  })
})

test('offline_access that was never granted is not repeated', () => {
  const plan = planRefresh(held('offline_access openid read', 'openid read'), ['read'])
  expect(plan).toEqual({ type: 'ask', scopes: ['openid', 'read'] })
})

test('a declined scope is left out of what is asked', () => {
  const plan = planRefresh(held('openid read write', 'openid read'), ['read', 'write'])
  expect(plan).toEqual({ type: 'ask', scopes: ['openid', 'read'] })
})

test('where all that is wanted was declined, nothing is asked', () => {
  const plan = planRefresh(held('openid read write', 'openid read'), ['write'])
  expect(plan).toEqual({ type: 'declined' })
})

test('a scope that was not asked before is tried', () => {
  const plan = planRefresh(held('openid read', 'openid read'), ['mail'])
  expect(plan).toEqual({ type: 'ask', scopes: ['mail', 'openid'] })
})

test('where the server renames scopes, the whole grant is asked back', () => {
  const renamed = held('Read', 'https://api/Read')
  expect(planRefresh(renamed, ['Read'])).toEqual({ type: 'all', assumed: ['https://api/Read'] })
})

test('the whole grant is asked where there is no scope to name', () => {
  expect(planRefresh(held('', ''), [])).toEqual({ type: 'all', assumed: [] })
})

test('nothing is ever asked for that is known as declined', () => {
  fc.assert(
    fc.property(sets, sets, wanted, (requestedScopes, grantedScopes, scopes) => {
      const plan = planRefresh({ requestedScopes, grantedScopes }, scopes)
      if (plan.type !== 'ask') return
      const declined = difference(requestedScopes, grantedScopes)
      expect(plan.scopes.filter((scope) => declined.includes(scope))).toEqual([])
    }),
  )
})

test('nothing is ever asked for that is neither wanted nor granted', () => {
  fc.assert(
    fc.property(sets, sets, wanted, (requestedScopes, grantedScopes, scopes) => {
      const plan = planRefresh({ requestedScopes, grantedScopes }, scopes)
      if (plan.type !== 'ask') return
      expect(difference(plan.scopes, union(grantedScopes, scopes))).toEqual([])
      expect(plan.scopes).not.toHaveLength(0)
    }),
  )
})

test('what was granted as it was asked for is never given up as declined', () => {
  fc.assert(
    fc.property(sets, wanted, (scopes, asked) => {
      fc.pre(asked.length > 0)
      const grant = union(scopes, asked)
      expect(planRefresh({ requestedScopes: grant, grantedScopes: grant }, asked).type).toBe('ask')
    }),
  )
})
