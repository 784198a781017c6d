import * as msal from '@azure/msal-browser'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { toClientOptions } from './client-options.ts'
import { fillConfiguration } from './configuration.ts'

const AUTH = { clientId: 'spa', authority: 'https://login.microsoftonline.com/contoso.com' }
const hooks = {
  logger: () => new msal.Logger({}),
  leave: () => true,
  hasNetworkClient: false,
}

/** The options for a configuration, on the page of an app. */
const optionsOf = (given: Omit<msal.Configuration, 'auth'> & { auth?: object }) =>
  toClientOptions(fillConfiguration({ ...given, auth: { ...AUTH, ...given.auth } }), hooks)

beforeEach(() => {
  const location = new URL('https://app.example/orders?page=2#top')
  Object.assign(globalThis, { location, window: { location } })
})
afterEach(() => {
  for (const name of ['location', 'window']) Reflect.deleteProperty(globalThis, name)
})

test('the defaults are those of the original', () => {
  expect(optionsOf({})).toMatchObject({
    ...AUTH,
    authorityProfile: 'entra',
    redirectUri: 'https://app.example/orders',
    postLogoutRedirectUri: 'https://app.example/orders',
    response: 'leave',
    cache: { location: 'session' },
    renewal: { leadTimeMs: 300_000 },
    silent: { timeoutMs: 10_000 },
  })
})

test.each([
  ['localStorage', 'indexeddb'],
  ['sessionStorage', 'session'],
  ['memoryStorage', 'memory'],
  ['elsewhere', 'memory'],
])('the cache location %s is %s', (cacheLocation, location) => {
  expect(optionsOf({ cache: { cacheLocation } }).cache).toEqual({ location })
})

test('a provider of another vendor may name its issuer by its metadata', () => {
  const metadata = { issuer: 'https://issuer.example', token_endpoint: 'https://issuer.example/t' }
  const options = optionsOf({
    auth: {
      authority: 'https://proxy.example/',
      authorityMetadata: JSON.stringify(metadata),
      OIDCOptions: { responseMode: 'query', defaultScopes: ['openid', 'email'] },
      postLogoutRedirectUri: null,
    },
    system: { protocolMode: msal.ProtocolMode.OIDC },
  })
  expect(options).toMatchObject({
    authorityProfile: 'oidc',
    issuer: metadata.issuer,
    metadata,
    responseMode: 'query',
    scopes: ['email'],
    postLogoutRedirectUri: null,
  })
})

test('a cloud with a tenant is the authority', () => {
  const azureCloudInstance = msal.AzureCloudInstance.AzureUsGovernment
  expect(
    optionsOf({ auth: { azureCloudOptions: { azureCloudInstance, tenant: 'fabrikam.us' } } })
      .authority,
  ).toBe('https://login.microsoftonline.us/fabrikam.us/')
})

test('metadata that is no JSON is a wrong option', () => {
  expect(() => optionsOf({ auth: { authorityMetadata: '{' } })).toThrow(
    msal.ClientConfigurationError,
  )
})
