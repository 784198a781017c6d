import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AuthError, isAuthError } from '../errors/errors.ts'
import { parseProviderMetadata } from './provider-metadata.ts'
import { isSecureUrl } from './secure-url.ts'

const authority = 'https://idp.example/realm'
const document = {
  issuer: authority,
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
}

function failureOf(value: unknown, asked = authority): AuthError {
  try {
    parseProviderMetadata(value, asked)
  } catch (error) {
    if (isAuthError(error)) return error
    throw error
  }
  throw new Error('The document was accepted.')
}

describe('the issuer', () => {
  test.each([
    ['https://idp.example/realm', 'https://idp.example/realm'],
    ['https://idp.example/realm/', 'https://idp.example/realm'],
    ['https://idp.example/realm', 'https://idp.example/realm/'],
  ])('%s is accepted for the authority %s, and kept unchanged', (issuer, asked) => {
    expect(parseProviderMetadata({ ...document, issuer }, asked).issuer).toBe(issuer)
  })

  test.each([
    'https://idp.example/Realm',
    'https://idp.example/realm//',
    'https://idp.example',
    'http://idp.example/realm',
    'https://idp.example:8443/realm',
    'https://idp.example/realm?x=1',
    'https://idp.example.evil.example/realm',
    'https://IDP.example/realm',
  ])('%s is another issuer', (issuer) => {
    const error = failureOf({ ...document, issuer })
    expect(error.code).toBe('issuer_mismatch')
    expect(error.message).toContain(issuer)
    expect(error.hint).toContain('authority')
  })

  test('is shortened and cleaned in the message', () => {
    const error = failureOf({
      ...document,
      issuer: `https://evil.example/\n\u001b[31m${'x'.repeat(9999)}`,
    })
    expect(error.message.length).toBeLessThan(1000)
    expect(error.message).not.toMatch(/\p{Cc}/u)
  })

  test.each([undefined, null, 7, {}, ['https://idp.example/realm']])(
    '%j is no issuer',
    (issuer) => {
      expect(failureOf({ ...document, issuer }).code).toBe('discovery_failed')
    },
  )
})

describe('endpoints', () => {
  test.each(['authorization_endpoint', 'token_endpoint'])('%s is required, over https', (name) => {
    for (const value of [undefined, '', 'idp/token', 'http://idp.example/x', 'javascript:1', 7]) {
      const error = failureOf({ ...document, [name]: value })
      expect(error.code).toBe('discovery_failed')
      expect(error.message).toContain(name)
    }
  })

  test('over http on this machine they are accepted', () => {
    const metadata = parseProviderMetadata(
      {
        issuer: 'http://127.0.0.1:4400',
        authorization_endpoint: 'http://127.0.0.1:4400/authorize',
        token_endpoint: 'http://localhost:4400/token',
      },
      'http://127.0.0.1:4400',
    )
    expect(metadata.token_endpoint).toBe('http://localhost:4400/token')
  })

  test('an optional endpoint without https is ignored', () => {
    const metadata = parseProviderMetadata(
      { ...document, end_session_endpoint: 'http://idp.example/bye', jwks_uri: 7 },
      authority,
    )
    expect(metadata.end_session_endpoint).toBeUndefined()
    expect(metadata.jwks_uri).toBeUndefined()
  })
})

test('lists keep their strings only, and RFC 9207 needs `true`', () => {
  const metadata = parseProviderMetadata(
    {
      ...document,
      scopes_supported: ['openid', 7, null],
      response_modes_supported: 'fragment',
      authorization_response_iss_parameter_supported: 'yes',
    },
    authority,
  )
  expect(metadata.scopes_supported).toEqual(['openid'])
  expect(metadata.response_modes_supported).toBeUndefined()
  expect(metadata.authorization_response_iss_parameter_supported).toBeUndefined()
})

test.each([[null], ['text'], [7], [[]], [undefined]])('%j is not a document', (value) => {
  expect(failureOf(value).code).toBe('discovery_failed')
})

test('`__proto__` in a document changes nothing', () => {
  const value = JSON.parse(`{"__proto__": ${JSON.stringify(document)}}`)
  expect(failureOf(value).code).toBe('discovery_failed')
})

test('every response gives metadata or an AuthError', () => {
  const fields = fc.constantFrom(...Object.keys(document), 'jwks_uri', 'scopes_supported')
  fc.assert(
    fc.property(fc.dictionary(fields, fc.jsonValue()), fc.boolean(), (changes, whole) => {
      try {
        const base = whole ? document : {}
        expect(parseProviderMetadata({ ...base, ...changes }, authority).issuer).toBeTypeOf(
          'string',
        )
      } catch (error) {
        expect(error).toBeInstanceOf(AuthError)
      }
    }),
  )
})

describe('a secure URL', () => {
  test.each([
    'https://idp.example',
    'http://localhost:3000/x',
    'http://app.localhost',
    'http://127.0.0.1',
    'http://127.1.2.3:1',
    'http://[::1]:80/',
  ])('is %s', (url) => {
    expect(isSecureUrl(url)).toBe(true)
  })

  test.each([
    'http://idp.example',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://evil.example/localhost',
    'http://localhost@evil.example',
    'ws://localhost',
    'file:///etc',
    '/relative',
    '',
    7,
    null,
  ])('is not %s', (url) => {
    expect(isSecureUrl(url)).toBe(false)
  })
})
