import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseResources } from '../resources/resource-map.ts'
import { mayProve, mayRedeemAt, type ProofPolicy } from './proof-policy.ts'

const HOST = 'https://api.example'
const policyOf = (resources: Record<string, unknown>): ProofPolicy => ({
  alg: 'ES256',
  clientId: 'spa',
  tokenEndpoint: `${HOST}/oauth/token`,
  userInfoEndpoint: `${HOST}/oauth/me`,
  resources: parseResources(resources, 'https://app.example'),
})
/** The widest map: the provider and its APIs have one origin. */
const wide = policyOf({ [`${HOST}/`]: ['a'] })
const narrow = policyOf({ [`${HOST}/v1/`]: { methods: { GET: ['a'] } }, [`${HOST}/v1/open`]: null })

test.each([
  '/oauth/token',
  '/oauth/token/',
  '/oauth//token',
  '/oauth/%74oken',
  '/OAuth/Token',
  '/oauth%2Ftoken',
  '/oauth/token;x=1',
  '/oauth/./token',
  '/v1/../oauth/token',
  '/v1/%2e%2e/oauth/token',
  '\\oauth\\token',
  '/oauth/token?a=1',
  '/oauth/token#a',
])('no page gets a proof for the token endpoint as %s', (path) => {
  expect(mayProve(wide, 'POST', HOST + path)).toBe(false)
})

test.each([
  ['GET', '/v1/x', true],
  ['POST', '/v1/x', false],
  ['GET', '/v1/open/x', false],
  ['GET', '/v2', false],
  ['GET', '/oauth/me', true],
  ['GET', '/v1/..%2foauth/token', false],
])('%s %s: %s', (method, path, expected) => {
  expect(mayProve(narrow, method, HOST + path)).toBe(expected)
})

test.each(['', 'x', 'https://', 'https://evil.example/v1/x', 'https://api.example:444/v1/x'])(
  'no proof for %j',
  (url) => {
    expect(mayProve(narrow, 'GET', url)).toBe(false)
    expect(mayRedeemAt(narrow, url)).toBe(false)
  },
)

test('no spelling of the token endpoint that a URL resolves to it gets a proof', () => {
  const piece = fc.constantFrom('/', '//', '/./', '/x/../', '%2f', '\\')
  const letters = (word: string) =>
    fc
      .array(fc.constantFrom('plain', 'upper', 'encoded'), {
        minLength: word.length,
        maxLength: word.length,
      })
      .map((ways) =>
        ways
          .map((way, index) => {
            const letter = word[index] ?? ''
            if (way === 'upper') return letter.toUpperCase()
            return way === 'encoded' ? `%${letter.charCodeAt(0).toString(16)}` : letter
          })
          .join(''),
      )
  fc.assert(
    fc.property(piece, letters('oauth'), piece, letters('token'), (a, first, b, second) => {
      const path = `/${a}${first}${b}${second}`.replace(/^\/%2f/, '/')
      expect(mayProve(wide, 'POST', HOST + path)).toBe(false)
    }),
  )
})
