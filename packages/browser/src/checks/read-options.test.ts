import { isAuthError } from '@carnet/core'
import fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import type { AuthClientOptions } from '../api/options.ts'
import { readOptions } from './read-options.ts'

const origin = 'https://app.example'
const required = { clientId: 'spa', authority: 'https://idp.example' }

/** The message about options of any kind; nothing where they are right. */
function problemOf(options: unknown): string | undefined {
  try {
    readOptions(options as AuthClientOptions, origin)
  } catch (error) {
    if (isAuthError(error, 'invalid_options')) return error.message
    throw error
  }
  return undefined
}

test('the two required options are enough, and the rest has defaults', () => {
  const config = readOptions(required, origin)
  expect(config.redirectUri).toBe('https://app.example/')
  expect(config.postLogoutRedirectUri).toBe('https://app.example/')
  expect(config.cache).toEqual({ location: 'indexeddb', name: 'carnet', persist: false })
  expect(config.responseMode).toBe('fragment')
  expect(config.requestTimeoutMs).toBe(10_000)
  expect(config.scopes).toEqual([])
  expect(config.now()).toBeGreaterThan(Date.UTC(2020, 0, 1))
})

test('a sign-out uses the options, and null sends no value', () => {
  expect(readOptions(required, origin).signOut).toEqual({
    extraParameters: {},
    idTokenHint: true,
    method: 'auto',
  })
  const signOut = {
    extraParameters: { logout_uri: '/' },
    idTokenHint: false,
    method: 'get',
  } as const
  const config = readOptions({ ...required, signOut, postLogoutRedirectUri: null }, origin)
  expect(config.signOut).toEqual(signOut)
  expect(config.postLogoutRedirectUri).toBeNull()
  expect(problemOf({ ...required, signOut: { extraParameters: { state: 'x' } } })).toContain(
    '`signOut` `extraParameters` holds `state`, which Carnet sets itself',
  )
})

test('URLs are resolved against the origin of the page', () => {
  const config = readOptions({ ...required, redirectUri: 'callback?a=b' }, origin)
  expect(config.redirectUri).toBe('https://app.example/callback?a=b')
  expect(config.postLogoutRedirectUri).toBe('https://app.example/callback?a=b')
})

test('the clock, the logger and the fetch of the app are used', async () => {
  const entries: unknown[] = []
  const response = new Response('x')
  const config = readOptions(
    {
      ...required,
      clock: { now: () => 7 },
      logger: (entry) => entries.push(entry),
      fetch: async () => response,
    },
    origin,
  )
  config.log('warn', 'It rains.')
  expect(config.now()).toBe(7)
  expect(entries).toEqual([{ level: 'warn', message: 'It rains.' }])
  expect(await config.fetch('https://idp.example')).toBe(response)
})

describe('wrong options', () => {
  test('are all in one error', () => {
    const problem = problemOf({
      clientId: '',
      authority: 'http://idp.example',
      redirectUri: 'https://evil.example/',
      postLogoutRedirectUri: '/#/bye',
      scopes: 'read write',
      responseMode: 'form_post',
      cache: 'indexeddb',
      requestTimeoutMs: 0,
      logger: 'console',
      fetch: {},
      clock: Date.now,
      autority: 'x',
    })
    for (const name of ['clientId', 'authority', 'redirectUri', 'postLogoutRedirectUri', 'scopes'])
      expect(problem).toContain(`\`${name}\``)
    for (const name of ['responseMode', 'cache', 'requestTimeoutMs', 'logger', 'fetch', 'autority'])
      expect(problem).toContain(`\`${name}\``)
  })

  test('within `cache` are in the same error', () => {
    const problem = problemOf({ clientId: 'spa', cache: { location: 'localStorage', nam: 'x' } })
    expect(problem).toContain('`authority` is required')
    expect(problem).toContain('`location`')
    expect(problem).toContain('`nam`')
  })

  test('within `cache` are in the error', () => {
    const problem = problemOf({ ...required, cache: { location: 'localStorage', name: 7 } })
    expect(problem).toContain('`location` must be one of indexeddb, session, memory')
    expect(problem).toContain('`name` must be a string')
  })

  test.each([undefined, null, 'spa', []])('%j are no options at all', (options) => {
    expect(problemOf(options)).toBe('Options must be an object.')
  })

  test.each([{}, { clientId: 'spa' }, { authority: 'https://idp.example' }])(
    'something required is missing in %j',
    (options) => {
      expect(problemOf(options)).toContain('is required')
    },
  )

  test.each([
    'idp.example',
    'http://idp.example',
    'https://idp.example/?tenant=a',
    'https://idp.example/#a',
    'ftp://idp.example',
    '/idp',
    7,
  ])('%j is not an authority', (authority) => {
    expect(problemOf({ ...required, authority })).toContain('`authority`')
  })

  test.each(['http://localhost:4400', 'http://127.0.0.1:4400', 'https://idp.example/realms/a/'])(
    '%s is an authority',
    (authority) => {
      expect(problemOf({ ...required, authority })).toBeUndefined()
    },
  )

  test('always cause an AuthError', () => {
    const names = fc.constantFrom('clientId', 'authority', 'redirectUri', 'cache', 'clock', 'fetch')
    fc.assert(
      fc.property(fc.dictionary(names, fc.anything()), (changes) => {
        expect(() => problemOf({ ...required, ...changes })).not.toThrow()
      }),
    )
  })
})

test('the error of a logger is reported, and stops no other code', () => {
  const report = vi.fn()
  vi.stubGlobal('reportError', report)
  const failure = new Error('The logger is broken.')
  const logger = () => {
    throw failure
  }
  const options = { clientId: 'spa', authority: 'https://idp.example', logger }
  readOptions(options, 'https://app.example').log('info', 'text')
  expect(report).toHaveBeenCalledWith(failure)
  vi.unstubAllGlobals()
})

test('options may be inherited, or have accessors, at each level', () => {
  class Options {
    clientId = 'spa'
    get authority() {
      return 'https://login.example.com/'
    }
    get tokens() {
      return 'worker' as const
    }
    readonly silent = Object.create({ iframe: false })
  }
  const given = Object.assign(Object.create(new Options()), { scopes: ['calendar.read'] })
  const config = readOptions(given, origin)
  expect(config).toMatchObject({ clientId: 'spa', tokens: 'worker', scopes: ['calendar.read'] })
  expect(config.silent.iframe).toBe(false)
  const wrong = Object.create({ clientId: 'spa', authority: 'http://login.example.com/' })
  expect(() => readOptions(wrong, origin)).toThrow('`authority` must be an https URL')
})

test('a page without an origin causes an error', () => {
  expect(() => readOptions(required, 'null')).toThrow('it has no origin')
})

test.each([
  ['https://idp.example/realms/a/.well-known/openid-configuration', 'https://idp.example/realms/a'],
  ['https://idp.example/.well-known/openid-configuration/', 'https://idp.example/'],
  ['https://idp.example/.well-known/oauth-authorization-server/a', 'https://idp.example/a'],
  ['https://idp.example/v2.0/.well-known/openid-configuration?appid=1', 'https://idp.example/v2.0'],
])(
  'the URL of the discovery document %s is no authority: the message names the issuer',
  (authority, issuer) => {
    const problem = problemOf({ ...required, authority }) ?? ''
    expect(problem).toContain('without /.well-known/')
    expect(problem).toContain(`write "${issuer}`)
  },
)

describe('the options `issuer` and `metadataUrl`', () => {
  test.each([
    [{ issuer: 'http://idp.example' }, 'issuer'],
    [{ issuer: 'https://idp.example/?a=1' }, 'issuer'],
    [{ metadataUrl: 'http://idp.example/metadata' }, 'metadataUrl'],
    [{ metadataUrl: '/metadata' }, 'metadataUrl'],
    [{ issuer: 'https://issuer.example', metadata: { issuer: 'https://idp.example' } }, 'metadata'],
    [{ issuer: 'https://issuer.example', authorityProfile: 'entra' }, 'Entra'],
  ])('%j is refused by name', (options, name) => {
    expect(problemOf({ ...required, ...options })).toContain(name)
  })

  test('An issuer that is not the authority may have metadata of its own, and has a partition of its own', () => {
    const issuer = 'https://issuer.example/'
    expect(problemOf({ ...required, issuer, metadata: { issuer } })).toBeUndefined()
    const { partition } = readOptions({ ...required, issuer }, origin)
    expect(partition).toBe(readOptions({ ...required, authority: issuer }, origin).partition)
    expect(partition).not.toBe(readOptions(required, origin).partition)
  })
})

describe('the option `metadata`', () => {
  test.each([
    [{ token_endpoint: 'http://idp.example/token' }, 'token_endpoint'],
    [{ jwks_uri: 7 }, 'jwks_uri'],
    [{ issuer: '' }, 'issuer'],
    [{ issuer: 'https://evil.example' }, 'evil.example'],
    [{ scopes_supported: 'openid' }, 'scopes_supported'],
    [{ claims_parameter_supported: 'no' }, 'claims_parameter_supported'],
    [[], 'object'],
  ])('%j is refused by name', (metadata, name) => {
    expect(problemOf({ ...required, metadata })).toContain(name)
  })

  test('may hold any other member', () => {
    const metadata = { token_endpoint: 'https://idp.example/token', service_documentation: 'x' }
    expect(problemOf({ ...required, metadata })).toBeUndefined()
  })
})

test('each default scope can be left out, and no other scope is allowed', () => {
  expect(readOptions(required, origin).defaultScopes).toEqual(['profile', 'offline_access'])
  expect(readOptions({ ...required, defaultScopes: [] }, origin).defaultScopes).toEqual([])
  expect(problemOf({ ...required, defaultScopes: ['email'] })).toContain('`scopes`')
})
