import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAuthError } from '../errors/errors.ts'
import type { ScopeProfile } from './scope.ts'
import { assertOneResource, defaultProblems, ScopeSet } from './scope-set.ts'

const text = fc.constantFrom(
  ...['openid', 'Profile', 'offline_access', 'User.Read', 'user.read', 'Mail.Send', '.default'],
  ...['https://graph.microsoft.com/User.Read', 'https://graph.microsoft.com//User.Read'],
  ...['00000003-0000-0000-c000-000000000000/Mail.Send', 'api://1/.default', 'api://1/read'],
  ...['API://1/Read', 'api://1//read', 'api://2/read'],
)
const texts = fc.array(text, { maxLength: 8 })
const entra = (scopes: string | Iterable<string>) => ScopeSet.parse(scopes, 'entra')

describe.each<ScopeProfile>(['oidc', 'entra'])('in the profile %s', (profile) => {
  const set = texts.map((scopes) => ScopeSet.parse(scopes, profile))

  test('a set survives toString and parse, in the same spelling', () => {
    fc.assert(
      fc.property(set, (a) => {
        expect(ScopeSet.parse(a.toString(), profile).toArray()).toEqual(a.toArray())
        expect(ScopeSet.parse(a.toArray(), profile).keys()).toEqual(a.keys())
        expect(a.size).toBe(a.toArray().length)
        expect(a.keys()).toEqual([...new Set(a.keys())].sort())
      }),
    )
  })

  test('a union is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(set, set, set, (a, b, c) => {
        expect(a.union(b).keys()).toEqual(b.union(a).keys())
        expect(a.union(b).union(c).keys()).toEqual(a.union(b.union(c)).keys())
        expect(a.union(a).toArray()).toEqual(a.toArray())
        expect(a.union(b).covers(a) && a.union(b).covers(b)).toBe(true)
      }),
    )
  })

  test('the union of a difference and its complement is the whole set', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const rest = a.difference(b)
        expect(rest.toArray().some((scope) => b.has(scope))).toBe(false)
        expect(rest.union(b).keys()).toEqual(a.union(b).keys())
        expect(a.difference(a).size).toBe(0)
      }),
    )
  })

  test('a set covers another exactly if the difference has no scope of an API', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        expect(a.covers(b)).toBe(b.withoutOidc().difference(a).size === 0)
        expect(a.withoutOidc().covers(a)).toBe(true)
      }),
    )
  })

  test('byResource partitions the scopes of APIs', () => {
    fc.assert(
      fc.property(set, (a) => {
        const groups = [...a.byResource().values()]
        expect(groups.flatMap((group) => group.keys()).sort()).toEqual(a.withoutOidc().keys())
        expect(groups.every((group) => group.size > 0 && group.byResource().size === 1)).toBe(true)
      }),
    )
  })

  test('a set, its text and its scopes are equal arguments', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        for (const other of [b.toString(), b.toArray(), new Set(b.toArray())]) {
          expect(a.union(other).toArray()).toEqual(a.union(b).toArray())
          expect(a.difference(other).toArray()).toEqual(a.difference(b).toArray())
          expect(a.covers(other)).toBe(a.covers(b))
        }
      }),
    )
  })
})

test('the first spelling of a scope wins, and the order is kept', () => {
  const set = entra('Mail.Send  openid https://graph.microsoft.com/mail.send User.Read OPENID')
  expect(set.toArray()).toEqual(['Mail.Send', 'openid', 'User.Read'])
  expect(set.union('user.read api://1/b').toString()).toBe('Mail.Send openid User.Read api://1/b')
  expect(set.has('mail.SEND')).toBe(true)
  expect(set.withoutOidc().toArray()).toEqual(['Mail.Send', 'User.Read'])
})

test('case counts in the default profile, which is not Entra', () => {
  const set = ScopeSet.parse('Read read')
  expect([set.profile, set.size]).toEqual(['oidc', 2])
  expect(set.has('READ')).toBe(false)
})

test('a set cannot be changed', () => {
  const set = entra('User.Read')
  expect([set, set.toArray(), set.keys()].every(Object.isFrozen)).toBe(true)
  set.byResource().clear()
  expect(set.byResource().size).toBe(1)
})

test('resources are found by their keys, in any case', () => {
  const groups = entra(
    'openid API://One/Read api://one/write User.Read api://one//read',
  ).byResource()
  expect([...groups].map(([resource, group]) => [resource, group.toString()])).toEqual([
    ['api://one', 'API://One/Read api://one/write'],
    ['https://graph.microsoft.com', 'User.Read'],
    ['api://one/', 'api://one//read'],
  ])
  expect([...ScopeSet.parse('openid b a').byResource().keys()]).toEqual([''])
})

test('.default covers nothing but itself, and nothing else covers it', () => {
  expect(entra('api://1/.default').covers('api://1/read')).toBe(false)
  expect(entra('api://1/read').covers('api://1/.default')).toBe(false)
  expect(entra('API://1/.Default').covers('openid api://1/.default')).toBe(true)
  expect(entra('.default').covers('https://graph.microsoft.com/.default')).toBe(true)
})

test('sets of two profiles cannot be combined', () => {
  const other = ScopeSet.parse('User.Read', 'oidc')
  for (const run of ['union', 'difference', 'covers'] as const)
    expect(refusal(() => entra('User.Read')[run](other))).toContain('"oidc" and "entra"')
})

test('malformed scopes and other values are refused', () => {
  expect(refusal(() => entra(['User.Read', '']))).toContain('""')
  expect(refusal(() => entra('User.Read').covers('api://1'))).toContain('"api://1"')
  expect(refusal(() => entra('').has('/x'))).toContain('"/x"')
  expect(refusal(() => entra(7 as unknown as string))).toContain('array')
})

test('a token has one resource', () => {
  assertOneResource(entra(''))
  assertOneResource(entra('openid offline_access User.Read https://graph.microsoft.com/Mail.Send'))
  assertOneResource(entra('openid api://1/.default'))
  assertOneResource(ScopeSet.parse('User.Read api://1/read api://1/.default .default'))

  const message = refusal(() => assertOneResource(entra('User.Read api://1/read openid')))
  for (const part of ['https://graph.microsoft.com (User.Read)', 'api://1 (api://1/read)'])
    expect(message).toContain(part)
  expect(message).toMatch(/`acquireTokens`.*`extraScopesToConsent`/)
  expect(refusal(() => assertOneResource(entra('api://1/read api://1//read')))).toContain(
    'belong to 2',
  )
})

test('.default cannot be combined with other scopes of its resource', () => {
  const message = refusal(() => assertOneResource(entra('api://1/read api://1/.default openid')))
  expect(message).toMatch(/^api:\/\/1: .*AADSTS70011.*`acquireTokens`.*`extraScopesToConsent`/)
  expect(refusal(() => assertOneResource(entra('.default User.Read')))).toContain('AADSTS70011')
})

test('.default cannot be combined with another resource in one request', () => {
  for (const scopes of ['api://1/.default User.Read', '.default api://1/.default openid'])
    expect(defaultProblems(entra(scopes)).join()).toContain('AADSTS70011')
  expect(defaultProblems(entra('api://1/.default openid'))).toEqual([])
})

/** The message of the AuthError `invalid_request` that `run` throws. */
function refusal(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (isAuthError(error, 'invalid_request')) return error.message
    throw error
  }
  throw new Error('Nothing was refused.')
}
