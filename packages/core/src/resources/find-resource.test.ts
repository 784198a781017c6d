import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PAGE_ORIGIN, RESOURCE_URLS, TABLE_RESOURCES } from '../testing/resource-urls.ts'
import { findResource } from './find-resource.ts'
import { parseResources } from './resource-map.ts'

const entries = parseResources(TABLE_RESOURCES, PAGE_ORIGIN)
const tokenFor = (url: string) => {
  const match = findResource(entries, url, 'GET', PAGE_ORIGIN)
  return match.attached ? match.scopes.join(' ') : null
}

test('the table has at least 60 URLs', () => {
  expect(RESOURCE_URLS.length).toBeGreaterThanOrEqual(60)
})

test.each(RESOURCE_URLS)('%s: %s', (_title, url, token) => {
  expect(tokenFor(url)).toBe(token)
})

test.each([
  ['https://api.example.com/v1/public/x', 'excluded', 'https://api.example.com/v1/public/'],
  ['https://other.example/', 'no_key', undefined],
  ['https://a@api.example.com/v1/x', 'user_info', undefined],
  ['https://[', 'invalid_url', undefined],
  ['data:,x', 'invalid_url', undefined],
  ['https://api.example.com/v1//public/x', 'ambiguous_path', undefined],
])('%s gets no token, with the reason', (url, reason, key) => {
  expect(findResource(entries, url, 'GET')).toEqual({ attached: false, reason, key })
})

test('methods select the scopes, in any case', () => {
  const rules = {
    '/a/': { scopes: ['read'], methods: { post: ['write'], DELETE: null } },
    '/b/': { methods: { PUT: ['put'] }, resource: 'urn:b', optional: true },
  }
  const own = parseResources(rules, PAGE_ORIGIN)
  const scopesFor = (path: string, method: string) => {
    const match = findResource(own, path, method, PAGE_ORIGIN)
    return match.attached ? match.scopes : match.reason
  }
  expect(scopesFor('/a/1', 'GET')).toEqual(['read'])
  expect(scopesFor('/a/1', 'post')).toEqual(['write'])
  expect(scopesFor('/a/1', 'DELETE')).toBe('method')
  expect(scopesFor('/b/1', 'GET')).toBe('method')
  expect(scopesFor('/b/1', 'toString')).toBe('method')
  expect(findResource(own, '/b/1', 'PUT', PAGE_ORIGIN)).toMatchObject({
    resource: 'urn:b',
    optional: true,
  })
})

test('a socket gets the token of its page', () => {
  const own = parseResources({ 'https://api.example/hub': ['hub'] }, PAGE_ORIGIN)
  expect(findResource(own, 'wss://api.example/hub', 'GET').attached).toBe(true)
  expect(findResource(own, 'ws://api.example/hub', 'GET').attached).toBe(false)
})

test('a URL of any text gets a token only below a key of its own origin', () => {
  const part = fc.constantFrom(
    ...['https://', 'http:', '//', '/', '\\', '@', ':', '.', '..', '%2e', '%2F', '%5c', '?', '#'],
    ...['api.example.com', 'evil.example', 'v1', 'public', 'admin', '443', 'xn--', 'ａ', '\t', ';'],
  )
  const url = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(url, (text) => {
      const match = findResource(entries, text, 'GET', PAGE_ORIGIN)
      if (!match.attached) return
      const parsed = new URL(text, PAGE_ORIGIN)
      const key = new URL(match.key, PAGE_ORIGIN)
      expect(parsed.origin).toBe(key.origin)
      expect(`${parsed.pathname}/`.startsWith(`${key.pathname.replace(/\/$/, '')}/`)).toBe(true)
      expect(decodeURIComponent(parsed.pathname.replace(/%(?![\da-f]{2})/gi, ''))).not.toMatch(
        /\/v1\/+public(\/|$)/,
      )
    }),
    { numRuns: 3000 },
  )
})
