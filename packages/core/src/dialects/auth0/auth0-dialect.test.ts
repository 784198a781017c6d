import { describe, expect, test } from 'vitest'
import { detectProfile } from '../authority-profile.ts'
import { oidcDialect } from '../oidc/oidc-dialect.ts'
import { auth0Dialect } from './auth0-dialect.ts'

const resource = 'https://api.example'

test.each([
  ['https://example.auth0.com/', 'auth0'],
  ['https://example.eu.auth0.com/', 'auth0'],
  ['https://auth0.com/', 'oidc'],
  ['https://auth0.com.example/', 'oidc'],
  ['https://login.example.com/', 'oidc'],
])('%s has the dialect %s', (authority, profile) => {
  expect(detectProfile(authority)).toBe(profile)
})

describe('Auth0', () => {
  test('names the API by `audience` in authorization requests and refresh requests', () => {
    const audience = { audience: resource }
    expect(auth0Dialect.authorizationParameters({ resource, routingHint: undefined })).toEqual(
      audience,
    )
    expect(auth0Dialect.refreshParameters({ resource, homeAccountId: 'alice' })).toEqual(audience)
  })

  test('names no API when a code is redeemed', () => {
    const request = { tokenScopes: ['read'], resource, routingHint: undefined }
    expect(auth0Dialect.codeParameters(request)).toEqual({})
  })

  test('keeps the `audience` of the app in a request without a resource', () => {
    const request = { resource: undefined, routingHint: undefined }
    expect('audience' in auth0Dialect.authorizationParameters(request)).toBe(false)
  })

  test('reads a resource into the key of the token, as a plain provider does', () => {
    expect(auth0Dialect.readScopes(['read'], resource)).toEqual(
      oidcDialect.readScopes(['read'], resource),
    )
    expect(auth0Dialect.indicatorOf(resource)).toBe(resource)
  })
})
