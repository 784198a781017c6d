import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import { DIALECTS } from '../testing/dialects.ts'

const GRAPH = 'https://graph.microsoft.com'
const APP = 'api://1111'

const problemOf = (read: () => unknown): string | undefined => {
  try {
    read()
  } catch (error) {
    if (isAuthError(error, 'invalid_request')) return error.message
    throw error
  }
  return undefined
}

describe('the scopes of a token on a plain provider', () => {
  test('are compared and sent unchanged, with a separate resource', () => {
    expect(DIALECTS.oidc.readScopes(['Read', 'openid', 'mail'], 'https://api.example')).toEqual({
      resource: 'https://api.example',
      keys: ['Read', 'mail'],
      requestedScopes: ['Read', 'mail'],
    })
    expect(DIALECTS.oidc.readScopes([])).toEqual({ resource: '', keys: [], requestedScopes: [] })
  })

  test('may be of two resources: they are opaque', () => {
    const scopes = ['https://a.example/x', 'https://b.example/y']
    expect(DIALECTS.oidc.readScopes(scopes).keys).toEqual(scopes)
  })
})

describe('the scopes of a token on Entra', () => {
  test('name the resource, and override the resource of the request', () => {
    expect(
      DIALECTS.entra.readScopes([`${APP}/Api.Read`, 'openid'], 'https://evil.example'),
    ).toEqual({
      resource: APP,
      keys: [`${APP}/api.read`],
      requestedScopes: [`${APP}/Api.Read`],
    })
  })

  test('are equal in any case, and in the short form of Graph', () => {
    const short = DIALECTS.entra.readScopes(['User.Read', 'mail.read'])
    const long = DIALECTS.entra.readScopes([`${GRAPH}/Mail.Read`, `${GRAPH}/user.read`])
    expect(short.keys).toEqual(long.keys)
    expect([short.resource, long.resource]).toEqual([GRAPH, GRAPH])
    expect(short.requestedScopes).toEqual(['User.Read', 'mail.read'])
  })

  test('of OpenID Connect alone give a token for Graph', () => {
    const none = { resource: GRAPH, keys: [], requestedScopes: [] }
    expect(DIALECTS.entra.readScopes(['openid', 'Profile'])).toEqual(none)
    expect(DIALECTS.entra.readScopes([])).toEqual(none)
  })

  test('keep a double slash: the audience ends with it', () => {
    const scope = 'https://management.core.windows.net//user_impersonation'
    expect(DIALECTS.entra.readScopes([scope])).toEqual({
      resource: 'https://management.core.windows.net/',
      keys: [scope],
      requestedScopes: [scope],
    })
  })

  test.each([
    [['User.Read', `${APP}/read`], /one resource.*acquireTokens/],
    [[`${GRAPH}/.default`, 'User.Read'], /\.default/],
    [['https://api.example/'], /has no permission after its slash/],
    [['a b'], /is malformed/],
  ])('%j are refused, with a fix in the message', (scopes, problem) => {
    expect(problemOf(() => DIALECTS.entra.readScopes(scopes))).toMatch(problem)
  })

  test('have the same meaning in any order and case', () => {
    const scope = fc.constantFrom(
      'User.Read',
      `${GRAPH}/Mail.Read`,
      'openid',
      'Files.Read',
      'email',
    )
    fc.assert(
      fc.property(fc.array(scope), (scopes) => {
        const read = DIALECTS.entra.readScopes(scopes)
        const other = scopes.map((text) => text.toUpperCase()).reverse()
        expect(DIALECTS.entra.readScopes(other).keys).toEqual(read.keys)
        expect(read.requestedScopes).toHaveLength(read.keys.length)
      }),
    )
  })
})

describe('the granted scopes of a server', () => {
  test('is opaque on a plain provider', () => {
    expect(DIALECTS.oidc.grantedKeys(['Read', 'openid', 'x/y'], 'r')).toEqual(['Read', 'x/y'])
  })

  test('are the short names of Graph if Graph was requested', () => {
    const granted = ['Mail.Read', 'User.Read', 'openid', 'profile', `${GRAPH}/Files.Read`]
    expect(DIALECTS.entra.grantedKeys(granted, GRAPH)).toEqual([
      `${GRAPH}/files.read`,
      `${GRAPH}/mail.read`,
      `${GRAPH}/user.read`,
    ])
  })

  test('are short names for a resource of version 1: they belong to the requested resource', () => {
    const resource = 'https://management.core.windows.net/'
    expect(DIALECTS.entra.grantedKeys(['user_impersonation'], resource)).toEqual([
      'https://management.core.windows.net//user_impersonation',
    ])
    expect(DIALECTS.entra.grantedKeys(['Api.Read', 'openid', `${APP}/Api.Write`], APP)).toEqual([
      `${APP}/api.read`,
      `${APP}/api.write`,
    ])
  })

  test('match the requested scopes, in every spelling of Entra', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z_.]{0,8}$/)
    const resource = fc.constantFrom(GRAPH, APP, 'https://x.example/', 'api://A/b')
    const asWritten = fc.constantFrom(
      (text: string) => text,
      (text: string) => text.toUpperCase(),
    )
    fc.assert(
      fc.property(resource, name, asWritten, fc.boolean(), (of, scope, write, isShort) => {
        const asked = DIALECTS.entra.readScopes([`${of}/x${scope}`])
        const answer = write(isShort ? `x${scope}` : `${of}/x${scope}`)
        expect(DIALECTS.entra.grantedKeys([answer], asked.resource)).toEqual(asked.keys)
      }),
    )
  })
})

test('a malformed scope of a server is its own key', () => {
  for (const text of ['a"b', 'https://', '/x', '', 'é'])
    expect(DIALECTS.entra.scopeKey(text)).toBe(text)
})

describe('the scopes of one authorization request', () => {
  const ask = (scopes: string[], later: string[], profile: 'entra' | 'oidc' = 'entra') =>
    DIALECTS[profile].assertAskable(scopes, later)

  test('are for a token of one resource, and for consent to any resource', () => {
    expect(() => ask(['User.Read'], ['api://1/read', 'api://2/read'])).not.toThrow()
    expect(() => ask(['openid', 'api://1/.default'], ['profile'])).not.toThrow()
    expect(() => ask(['a', '.default'], ['b/', 'c/d'], 'oidc')).not.toThrow()
  })

  test.each([
    [['User.Read', 'api://1/read'], []],
    [['User.Read'], ['https://api.example/']],
    [['User.Read'], ['.default']],
    [['User.Read'], ['api://1/.default']],
    [['api://1/.default'], ['api://2/read']],
    [[], ['api://1/.default', 'api://2/read']],
  ])('are not %j with %j for consent', (scopes, later) => {
    expect(() => ask(scopes, later)).toThrow(
      expect.toSatisfy((error) => isAuthError(error, 'invalid_request')),
    )
  })
})
