import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { supportedDefaults } from '../dialects/oidc/supported-defaults.ts'
import { isAuthError } from '../errors/errors.ts'
import { assertSupported, responseModeOf } from './capabilities.ts'
import { type ProviderMetadata, parseProviderMetadata } from './provider-metadata.ts'

const authority = 'https://idp.example'
const minimal = {
  issuer: authority,
  authorization_endpoint: 'https://idp.example/authorize',
  token_endpoint: 'https://idp.example/token',
}
const read = (more: object): ProviderMetadata =>
  parseProviderMetadata({ ...minimal, ...more }, authority)
const failureOf = (more: object, needed = {}) => {
  try {
    assertSupported(read(more), needed)
    return undefined
  } catch (error) {
    if (isAuthError(error, 'unsupported_by_provider')) return error.message
    throw error
  }
}

describe('a missing capability is reported by its member', () => {
  test.each<[string, object, object?]>([
    ['response_types_supported', { response_types_supported: ['id_token', 'token'] }],
    ['grant_types_supported', { grant_types_supported: ['implicit'] }],
    ['code_challenge_methods_supported', { code_challenge_methods_supported: ['plain'] }],
    [
      'prompt_values_supported',
      { prompt_values_supported: ['none', 'login'] },
      { prompt: 'create' },
    ],
    [
      'prompt_values_supported',
      { prompt_values_supported: ['login'] },
      { prompt: 'login consent' },
    ],
    ['claims_parameter_supported', { claims_parameter_supported: false }, { claims: '{}' }],
    ['require_pushed_authorization_requests', { require_pushed_authorization_requests: true }],
    ['require_signed_request_object', { require_signed_request_object: true }],
  ])('%s', (member, more, needed) => {
    expect(failureOf(more, needed)).toContain(member)
  })
})

test('an empty document excludes no request', () => {
  expect(failureOf({}, { prompt: 'create', claims: '{}' })).toBeUndefined()
})

test('listed capabilities are no failure', () => {
  const more = {
    response_types_supported: ['code id_token', 'code'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    code_challenge_methods_supported: ['plain', 'S256'],
    prompt_values_supported: ['none', 'login', 'consent'],
    claims_parameter_supported: true,
  }
  expect(failureOf(more, { prompt: 'login consent', claims: '{}' })).toBeUndefined()
})

describe('the response mode', () => {
  test('is `fragment`, unless the provider lists only `query`', () => {
    expect(responseModeOf(read({}), undefined)).toBe('fragment')
    expect(responseModeOf(read({ response_modes_supported: ['query'] }), undefined)).toBe('query')
    expect(
      responseModeOf(read({ response_modes_supported: ['query', 'fragment'] }), undefined),
    ).toBe('fragment')
  })

  test('of the app is never replaced', () => {
    expect(responseModeOf(read({ response_modes_supported: ['fragment', 'query'] }), 'query')).toBe(
      'query',
    )
    expect(() => responseModeOf(read({ response_modes_supported: ['query'] }), 'fragment')).toThrow(
      /response_modes_supported/,
    )
  })

  test('must be listed, if the page can read it', () => {
    expect(() =>
      responseModeOf(read({ response_modes_supported: ['form_post'] }), undefined),
    ).toThrow(/form_post/)
  })
})

describe('default scopes', () => {
  const defaults = ['profile', 'offline_access']
  test('are sent if the document does not list scopes', () => {
    expect(supportedDefaults(read({}), defaults)).toEqual(defaults)
  })

  test('are left out if the document lists other scopes', () => {
    expect(supportedDefaults(read({ scopes_supported: ['openid', 'profile'] }), defaults)).toEqual([
      'profile',
    ])
  })

  test('are sent without `offline_access` if the provider has no refresh tokens', () => {
    const more = { grant_types_supported: ['authorization_code'] }
    expect(supportedDefaults(read(more), defaults)).toEqual(['profile'])
    const lists = { ...more, scopes_supported: ['profile', 'offline_access'] }
    expect(supportedDefaults(read(lists), defaults)).toEqual(defaults)
  })
})

test('every document gives a result or an AuthError', () => {
  const names = [
    'response_types_supported',
    'grant_types_supported',
    'code_challenge_methods_supported',
    'prompt_values_supported',
    'claims_parameter_supported',
    'require_pushed_authorization_requests',
    'response_modes_supported',
    'scopes_supported',
    'issuer',
  ]
  const member = fc.tuple(fc.constantFrom(...names), fc.anything())
  fc.assert(
    fc.property(fc.array(member), (members) => {
      try {
        const metadata = parseProviderMetadata(
          { ...minimal, ...Object.fromEntries(members) },
          authority,
        )
        assertSupported(metadata, { prompt: 'login', claims: '{}' })
        responseModeOf(metadata, undefined)
        for (const scope of supportedDefaults(metadata, ['profile'])) expect(scope).toBe('profile')
      } catch (error) {
        expect(isAuthError(error)).toBe(true)
      }
    }),
  )
})
