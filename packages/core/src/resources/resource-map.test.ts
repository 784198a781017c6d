import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseResources, ResourceProblem } from './resource-map.ts'

const ORIGIN = 'https://app.example'
const problemOf = (rules: unknown) => {
  try {
    parseResources(rules, ORIGIN)
    return undefined
  } catch (error) {
    if (!(error instanceof ResourceProblem)) throw error
    return error.message
  }
}

test.each([
  ['', /is empty/],
  ['api', /no https URL and no path/],
  ['api.example.com/v1', /no https URL and no path/],
  ['ftp://api.example/', /no https URL and no path/],
  ['javascript:alert(1)', /no https URL and no path/],
  ['blob:https://api.example/', /no https URL and no path/],
  ['https:api.example', /no https URL and no path/],
  ['https:///api.example', /no https URL and no path/],
  ['//api.example/v1', /has no scheme/],
  ['/\\evil.example', /backslash/],
  ['https://api.example\\v1', /backslash/],
  [' /api', /a space/],
  ['/a\tpi', /a space/],
  ['https://*.example/', /"\*"/],
  ['/api/*', /"\*"/],
  ['/api?x=1', /has a query/],
  ['https://api.example/?', /has a query/],
  ['/api#top', /has a fragment/],
  ['https://user@api.example/', /user information/],
  ['https://user:pass@api.example/', /user information/],
  ['https://@api.example/', /user information/],
  ['http://api.example/', /not https/],
  ['http://localhost.evil.example/', /not https/],
  ['https://[', /is no URL/],
  ['https://a b/', /a space/],
  ['/api/../admin', /has dots/],
  ['/api/./x', /has dots/],
  ['/api/%2e%2E/admin', /has dots/],
  ['/api/..%2Fadmin', /has dots/],
  ['https://api.example/..', /has dots/],
])('the key %j is invalid', (key, reason) => {
  expect(problemOf({ [key]: ['a'] })).toMatch(reason)
})

test.each([
  [undefined, /must be an array of scopes/],
  ['a', /must be an array of scopes/],
  [['a b'], /not a scope/],
  [['a', 1], /not a scope/],
  [{}, /needs `scopes` or `methods`/],
  [{ scope: ['a'] }, /field `scope`/],
  [{ scopes: 'a' }, /not an array/],
  [{ scopes: [], resource: '' }, /`resource`/],
  [{ scopes: [], optional: 'yes' }, /`optional`/],
  [{ methods: ['GET'] }, /`methods` that are not an object/],
  [{ methods: { 'GET ': ['a'] } }, /is no token/],
  [{ methods: { get: ['a'], GET: ['b'] } }, /twice/],
  [{ methods: { GET: 'a' } }, /not an array/],
])('the rule %j is invalid', (rule, reason) => {
  expect(problemOf({ '/api': rule })).toMatch(reason)
})

test.each([[null], [[]], ['/api'], [undefined]])('%j is no map', (rules) => {
  if (Array.isArray(rules)) return expect(problemOf(rules)).toMatch(/must be an object/)
  expect(problemOf(rules)).toMatch(/must be an object/)
})

test('two keys for the same URLs are invalid', () => {
  expect(problemOf({ '/api': ['a'], '/api/': ['b'] })).toMatch(/two keys/)
  expect(problemOf({ '/api': ['a'], [`${ORIGIN}/api`]: null })).toMatch(/two keys/)
  expect(problemOf({ '/api': ['a'], '/%61pi': null })).toMatch(/two keys/)
})

test('valid keys are parsed, and later changes of the object have no effect', () => {
  const scopes = ['a']
  const rules = { '/': scopes, 'http://127.0.0.1:3000/x/': null, 'https://b.example': { scopes } }
  const entries = parseResources(rules, ORIGIN)
  scopes.push('b')
  expect(entries.map(({ origin, path, rule }) => [origin, path, rule?.scopes])).toEqual([
    ['http://127.0.0.1:3000', '/x', undefined],
    [ORIGIN, '', ['a']],
    ['https://b.example', '', ['a']],
  ])
})

test('every value is parsed, or has a reason', () => {
  const value = fc.oneof(fc.anything({ maxDepth: 1 }), fc.record({ scopes: fc.array(fc.string()) }))
  const key = fc.oneof(fc.webPath(), fc.webUrl(), fc.string())
  fc.assert(
    fc.property(fc.oneof(value, fc.dictionary(key, value, { maxKeys: 3 })), (rules) => {
      const problem = problemOf(rules)
      expect(problem === undefined || problem.length > 0).toBe(true)
    }),
  )
})
