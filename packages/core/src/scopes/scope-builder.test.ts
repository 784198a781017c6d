import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import { type ScopeBuilder, scopeBuilder } from './scope-builder.ts'
import { assertOneResource, ScopeSet } from './scope-set.ts'

test('the steps request their scopes, in order and in the original spelling', () => {
  const built = scopeBuilder()
    .add('openid')
    .graph('User.Read', 'Custom.Read')
    .consentLater('api://1111/api.read')
    .build()
  expect(built).toEqual({
    scopes: ['openid', 'User.Read', 'Custom.Read'],
    extraScopesToConsent: ['api://1111/api.read'],
  })
})

test('resource and name are joined with one slash, and no slash is removed', () => {
  const scopes = (builder: ScopeBuilder) => builder.build().scopes
  const arm = 'https://management.core.windows.net'
  expect(scopes(scopeBuilder().api('api://1111', 'a', 'b'))).toEqual([
    'api://1111/a',
    'api://1111/b',
  ])
  expect(scopes(scopeBuilder().api(`${arm}/`, 'user_impersonation'))).toEqual([
    `${arm}//user_impersonation`,
  ])
  expect(scopes(scopeBuilder().default(arm))).toEqual([`${arm}/.default`])
  expect(scopes(scopeBuilder().default(`${arm}/`))).toEqual([`${arm}//.default`])
})

test('a step does not change the builder before it', () => {
  const first = scopeBuilder().graph('User.Read')
  first.graph('Mail.Send')
  first.consentLater('api://1/read')
  expect(first.build()).toEqual({ scopes: ['User.Read'], extraScopesToConsent: [] })
  expect(Object.isFrozen(first)).toBe(true)
})

test('no scope is requested twice, and scopes of the token are not in the consent scopes', () => {
  const built = scopeBuilder()
    .graph('User.Read', 'user.read')
    .consentLater('https://graph.microsoft.com/User.Read', 'Mail.Send', 'mail.send', 'api://1/read')
    .build()
  expect(built.scopes).toEqual(['User.Read'])
  expect(built.extraScopesToConsent).toEqual(['Mail.Send', 'api://1/read'])
})

test('another builder may give the consent scopes, for any resource', () => {
  const later = scopeBuilder()
    .graph('Mail.Send')
    .api('api://1', 'read')
    .consentLater('api://2/read')
  expect(scopeBuilder().graph('User.Read').consentLater(later).build()).toEqual({
    scopes: ['User.Read'],
    extraScopesToConsent: ['Mail.Send', 'api://1/read', 'api://2/read'],
  })
  expect(scopeBuilder().consentLater(later).build().scopes).toEqual([])
  expect(refusal(() => scopeBuilder('oidc').consentLater(later))).toContain("scopeBuilder('oidc')")
  expect(() => scopeBuilder().consentLater(scopeBuilder().api('api://1', 'a/b')).build()).toThrow(
    'a/b',
  )
})

test('outside Entra, scopes are opaque, and the terms of Entra are refused', () => {
  const built = scopeBuilder('oidc').add('openid', 'read', 'READ').api('https://a.example', 'b/c')
  expect(built.build().scopes).toEqual(['openid', 'read', 'READ', 'https://a.example/b/c'])
  expect(refusal(() => scopeBuilder('oidc').graph('User.Read'))).toContain('.add()')
  expect(refusal(() => scopeBuilder('oidc').default('api://1'))).toContain('.add()')
  expect(refusal(() => scopeBuilder('oidc').api('', 'x').build())).toContain('resource')
})

test.each<[string, ScopeBuilder, string]>([
  ['nothing', scopeBuilder(), 'No scope was requested'],
  ['no name of an API', scopeBuilder().api('api://1'), 'No scope was requested'],
  [
    'two resources',
    scopeBuilder().graph('User.Read').api('api://1', 'read'),
    'extraScopesToConsent',
  ],
  ['one slash and two', scopeBuilder().api('api://1', 'a').api('api://1/', 'a'), 'belong to 2'],
  ['.default and names', scopeBuilder().default('api://1').api('api://1', 'read'), 'AADSTS70011'],
  [
    '.default, names later',
    scopeBuilder().default('api://1').consentLater('api://1/a'),
    'AADSTS70011',
  ],
  ['two scopes in one text', scopeBuilder().add('openid profile'), '"openid profile"'],
  [
    '.default, another resource later',
    scopeBuilder().default('api://1').consentLater('User.Read'),
    'AADSTS70011',
  ],
  ['a resource alone', scopeBuilder().add('api://1'), '/.default'],
  ['a malformed one later', scopeBuilder().add('openid').consentLater('api:///x'), 'no host'],
  ['a whole scope as a name', scopeBuilder().api('api://1', 'api://1/read'), '.add()'],
  ['a name that is empty', scopeBuilder().api('api://1', ''), 'name of a permission'],
  ['another API as Graph', scopeBuilder().graph('api://1/read'), '.api()'],
  ['a Graph name that is empty', scopeBuilder().graph(''), '""'],
  ['.default twice', scopeBuilder().default('api://1/.Default'), 'without "/.default"'],
  ['.default of nothing', scopeBuilder().default(''), 'no resource'],
])('%s is refused with a fix', (_, builder, mend) => {
  expect(refusal(() => builder.build())).toContain(mend)
})

test('all problems are reported together, each only once', () => {
  const message = refusal(() =>
    scopeBuilder()
      .graph('User.Read', '.default')
      .api('api://1', 'read')
      .add('api://2/', 'api://2/')
      .consentLater('/x')
      .build(),
  )
  for (const part of ['belong to 2', 'AADSTS70011', '"api://2/"', '"/x"'])
    expect(message).toContain(part)
  expect(message.split('"api://2/"')).toHaveLength(2)
})

type Step = (builder: ScopeBuilder) => ScopeBuilder
const resource = fc.constantFrom(
  'api://1',
  'api://1/',
  'API://1',
  'https://graph.microsoft.com',
  '',
)
const name = fc.constantFrom('User.Read', 'user.read', 'read', '.default', 'api://1/read', '')
const whole = fc.constantFrom('openid', 'User.Read', 'api://1/read', '.default', 'api://1', 'a b')
const step = fc.oneof(
  name.map<Step>((name) => (builder) => builder.graph(name)),
  fc.tuple(resource, name).map<Step>(
    ([to, name]) =>
      (builder) =>
        builder.api(to, name),
  ),
  resource.map<Step>((to) => (builder) => builder.default(to)),
  whole.map<Step>((scope) => (builder) => builder.add(scope)),
  whole.map<Step>((scope) => (builder) => builder.consentLater(scope)),
)

test('the result is valid: it parses, has one resource, and has no duplicates', () => {
  let built = 0
  fc.assert(
    fc.property(fc.array(step, { maxLength: 5 }), (steps) => {
      const builder = steps.reduce((before, step) => step(before), scopeBuilder())
      const outcome = attempt(() => builder.build())
      if (outcome instanceof Error) {
        expect(isAuthError(outcome, 'invalid_request')).toBe(true)
        return
      }
      built++
      const scopes = ScopeSet.parse(outcome.scopes, 'entra')
      const extra = ScopeSet.parse(outcome.extraScopesToConsent, 'entra')
      assertOneResource(scopes)
      expect(scopes.toArray()).toEqual(outcome.scopes)
      expect(extra.difference(scopes).toArray()).toEqual(outcome.extraScopesToConsent)
      expect(scopes.union(extra).size).toBeGreaterThan(0)
    }),
    { numRuns: 500 },
  )
  expect(built).toBeGreaterThan(20)
})

function attempt<T>(run: () => T): T | Error {
  try {
    return run()
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** The message of the AuthError `invalid_request` that `run` throws. */
function refusal(run: () => unknown): string {
  const outcome = attempt(run)
  expect(isAuthError(outcome, 'invalid_request')).toBe(true)
  return (outcome as Error).message
}
