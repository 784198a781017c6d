import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readResourceMetadata } from './resource-metadata.ts'

const url = 'https://api.example/v1/items?x=1'
const issuer = 'https://login.example/'
const good = { resource: 'https://api.example/v1', authorization_servers: [issuer] }
const read = (document: unknown) => readResourceMetadata(document, url, issuer)

test.each([
  [good, undefined],
  [{ ...good, resource: 'https://api.example' }, undefined],
  [
    { ...good, authorization_servers: ['https://other.example', 'https://login.example'] },
    undefined,
  ],
  [{ ...good, scopes_supported: ['a', 'b'] }, ['a', 'b']],
])('%j is about the URL', (document, scopes) => {
  expect(read(document)).toEqual({ resource: document.resource, scopes })
})

test.each([
  [null, /no `resource`/],
  [[], /no `resource`/],
  [{ ...good, resource: 'https://api.example/v' }, /another URL/],
  [{ ...good, resource: 'https://api.example.evil.example/v1' }, /another URL/],
  [{ ...good, resource: '/v1' }, /another URL/],
  [{ ...good, resource: 'https://evil.example/v1' }, /another URL/],
  [{ ...good, resource: 'http://api.example/v1' }, /another URL/],
  [{ ...good, resource: 'https://api.example@evil.example/' }, /another URL/],
  [{ ...good, authorization_servers: ['https://evil.example'] }, /our issuer/],
  [{ ...good, authorization_servers: issuer }, /our issuer/],
  [{ ...good, authorization_servers: undefined }, /our issuer/],
  [{ ...good, scopes_supported: 'a b' }, /no scopes/],
  [{ ...good, scopes_supported: ['a b'] }, /no scopes/],
])('%j is refused', (document, reason) => {
  expect(read(document)).toMatch(reason)
})

test('every document is read or refused', () => {
  fc.assert(
    fc.property(fc.anything(), (document) => {
      expect(read(document)).toBeTypeOf('string')
    }),
  )
})
