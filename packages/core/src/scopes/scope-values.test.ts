import fc from 'fast-check'
import { expect, test } from 'vitest'
import { covers, difference, isScope, resourceScopes, toScopeValues } from './scope-values.ts'
import { union } from './union.ts'

const scope = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,6}$/)
const scopeSet = fc.array(scope, { maxLength: 6 }).map(toScopeValues)

test('equal sets have equal texts, in any order and with duplicates', () => {
  expect(toScopeValues('b a  b')).toEqual(['a', 'b'])
  expect(toScopeValues(['b', 'a', 'b', ''])).toEqual(['a', 'b'])
  expect(toScopeValues('')).toEqual([])
})

test('a set survives join and parse', () => {
  fc.assert(
    fc.property(scopeSet, (set) => {
      expect(toScopeValues(set.join(' '))).toEqual(set)
      expect(toScopeValues([...set].reverse())).toEqual(set)
    }),
  )
})

test('case and slashes of a scope are significant', () => {
  const set = toScopeValues(['https://api//read', 'https://api/read', 'User.Read', 'user.read'])
  expect(set).toHaveLength(4)
})

test('a union covers both of its parts and nothing else', () => {
  fc.assert(
    fc.property(scopeSet, scopeSet, (a, b) => {
      const both = union(a, b)
      expect(covers(both, a) && covers(both, b)).toBe(true)
      expect(both.every((item) => a.includes(item) || b.includes(item))).toBe(true)
      expect(union(b, a)).toEqual(both)
    }),
  )
})

test('the union of a difference and its complement is the whole set', () => {
  fc.assert(
    fc.property(scopeSet, scopeSet, (a, b) => {
      const rest = difference(a, b)
      expect(rest.some((item) => b.includes(item))).toBe(false)
      expect(union(rest, b)).toEqual(union(a, b))
    }),
  )
})

test('a set covers another exactly if the difference is empty', () => {
  fc.assert(
    fc.property(scopeSet, scopeSet, (a, b) => {
      expect(covers(a, b)).toBe(difference(b, a).length === 0)
    }),
  )
  expect(covers([], [])).toBe(true)
  expect(covers([], ['a'])).toBe(false)
})

test('OpenID Connect scopes are not scopes of an API', () => {
  const asked = toScopeValues('openid profile email address phone offline_access calendar.read')
  expect(resourceScopes(asked)).toEqual(['calendar.read'])
})

test.each(['', ' ', 'a b', 'a"b', 'a\\b', 'é', 'a\nb', '\u0000', 7, null, undefined, ['a']])(
  '%j is not a scope',
  (value) => {
    expect(isScope(value)).toBe(false)
  },
)

test('a scope may contain every printable character except space, quotation mark and backslash', () => {
  fc.assert(
    fc.property(scope, (value) => {
      expect(isScope(value)).toBe(true)
    }),
  )
})
