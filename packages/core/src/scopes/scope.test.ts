import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import { isDefaultScope, parseScope, scopeProblem } from './scope.ts'

const profile = fc.constantFrom('oidc' as const, 'entra' as const)
const token = fc.stringMatching(/^[\x21\x23-\x5b\x5d-\x7e]{1,12}$/)
const slashy = fc.stringMatching(/^[aA.:/]{1,8}$/)
const messOf = fc.oneof(token, slashy)

const entra = (text: string) => parseScope(text, 'entra')

test('parsing never corrects a scope', () => {
  fc.assert(
    fc.property(messOf, profile, (text, profile) => {
      fc.pre(scopeProblem(text, profile) === undefined)
      expect(parseScope(text, profile).text).toBe(text)
    }),
  )
})

test('outside Entra every scope token is a scope, opaque and case-sensitive', () => {
  fc.assert(
    fc.property(messOf, (text) => {
      expect(parseScope(text, 'oidc')).toMatchObject({ resource: undefined, name: text, key: text })
    }),
  )
  expect(parseScope('Read', 'oidc').key).not.toBe(parseScope('read', 'oidc').key)
})

test('on Entra the keys of the scope and its resource ignore case', () => {
  fc.assert(
    fc.property(messOf, (text) => {
      fc.pre(scopeProblem(text, 'entra') === undefined)
      const [upper, lower] = [entra(text.toUpperCase()), entra(text.toLowerCase())]
      expect([upper.key, upper.resourceKey]).toEqual([entra(text).key, entra(text).resourceKey])
      expect([upper.key, upper.resourceKey]).toEqual([lower.key, lower.resourceKey])
    }),
  )
})

test('on Entra a key is a scope that means the same', () => {
  fc.assert(
    fc.property(messOf, (text) => {
      fc.pre(scopeProblem(text, 'entra') === undefined)
      const { key, resourceKey, isOidc } = entra(text)
      expect(entra(key)).toMatchObject({ key, resourceKey, isOidc })
    }),
  )
})

const GRAPH = 'https://graph.microsoft.com'

test.each([
  [`${GRAPH}/User.Read`, GRAPH, 'User.Read'],
  ['User.Read', GRAPH, 'User.Read'],
  ['.default', GRAPH, '.default'],
  ['00000003-0000-0000-C000-000000000000/User.Read', GRAPH, 'User.Read'],
  [`${GRAPH}//.default`, `${GRAPH}/`, '.default'],
  ['api://1111/api.read', 'api://1111', 'api.read'],
  ['api://1111//api.read', 'api://1111/', 'api.read'],
  [
    'https://management.core.windows.net//user_impersonation',
    'https://management.core.windows.net/',
    'user_impersonation',
  ],
  [
    '11111111-1111-1111-1111-111111111111/api.read',
    '11111111-1111-1111-1111-111111111111',
    'api.read',
  ],
  ['https://contoso.onmicrosoft.com/api/v1/read', 'https://contoso.onmicrosoft.com/api/v1', 'read'],
  ['https://Contoso.com/Read', 'https://Contoso.com', 'Read'],
  ['urn:contoso:api/read', 'urn:contoso:api', 'read'],
  ['https://vault.azure.net/.Default', 'https://vault.azure.net', '.Default'],
])('on Entra %s belongs to %s', (text, resource, name) => {
  expect(entra(text)).toMatchObject({ text, resource, name, isOidc: false })
})

test('the short name of Graph, its URI form and its application id give equal scopes', () => {
  const keys = [
    'Mail.Send',
    'mail.send',
    `${GRAPH}/Mail.Send`,
    'HTTPS://Graph.Microsoft.com/mail.send',
    '00000003-0000-0000-c000-000000000000/Mail.Send',
  ].map((text) => entra(text).key)
  expect(new Set(keys)).toEqual(new Set(['https://graph.microsoft.com/mail.send']))
})

test('one slash and two are different resources', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z.]{1,8}$/), (name) => {
      const [one, two] = [entra(`https://a.example/${name}`), entra(`https://a.example//${name}`)]
      expect(one.key).not.toBe(two.key)
      expect(one.resourceKey).not.toBe(two.resourceKey)
    }),
  )
})

test.each(['openid', 'profile', 'email', 'address', 'phone', 'offline_access'])(
  '%s has no resource',
  (text) => {
    for (const profile of ['oidc', 'entra'] as const)
      expect(parseScope(text, profile)).toMatchObject({ isOidc: true, resource: undefined })
    expect(entra(text.toUpperCase())).toMatchObject({ isOidc: true, key: text })
    expect(parseScope(text.toUpperCase(), 'oidc').isOidc).toBe(false)
    expect(entra(`api://1/${text}`).isOidc).toBe(false)
  },
)

test('.default is known by its name, on Entra only', () => {
  expect(isDefaultScope(entra('api://1/.DEFAULT'))).toBe(true)
  expect(isDefaultScope(entra('.default'))).toBe(true)
  expect(isDefaultScope(entra('api://1/read.default'))).toBe(false)
  expect(isDefaultScope(parseScope('.default', 'oidc'))).toBe(false)
})

test.each([
  ['api://', 'append the name'],
  ['api://1111/', 'append the name'],
  ['https://management.core.windows.net//', 'append the name'],
  ['/', 'append the name'],
  ['/x', 'no resource'],
  ['//x', 'no resource'],
  ['/a/x', 'no resource'],
  ['https://graph.microsoft.com', 'without a permission'],
  ['api://1111', 'without a permission'],
  ['api:/x', 'no host'],
  ['api:///x', 'no host'],
  ['https:///path/x', 'no host'],
])('on Entra %s is refused with a fix', (text, mend) => {
  const refusal = catchError(() => entra(text))
  expect(isAuthError(refusal, 'invalid_request')).toBe(true)
  expect(String(refusal)).toContain(JSON.stringify(text))
  expect(String(refusal)).toContain(mend)
})

test.each(['', ' ', 'a b', 'a"b', 'a\\b', 'é', 'a\nb'])('%j is refused everywhere', (text) => {
  for (const profile of ['oidc', 'entra'] as const) {
    const refusal = catchError(() => parseScope(text, profile))
    expect(isAuthError(refusal, 'invalid_request')).toBe(true)
    expect(String(refusal)).toContain(JSON.stringify(text))
  }
})

test('values that are no strings, and very long strings, are quoted briefly', () => {
  expect(scopeProblem(undefined, 'oidc')).toContain('of type undefined')
  expect(scopeProblem(null, 'entra')).toContain('of type null')
  expect(scopeProblem('é'.repeat(9999), 'entra')?.length).toBeLessThan(400)
})

function catchError(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}
