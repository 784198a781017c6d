import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkOptions } from '../checks/check-options.ts'
import { arePlain } from './plain-options.ts'

const ORIGIN = 'https://app.example.com'
const least = { clientId: 'spa', authority: 'https://login.example.com/' }

const odd = fc.oneof(
  fc.anything(),
  fc.string(),
  fc.webUrl(),
  fc.constantFrom('', ' ', '/', '//', '/a/../b'),
)
/** Two of three values are valid; unusual values may be valid too. */
const mostly = (right: readonly unknown[], ...wrong: readonly unknown[]) =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...right) },
    { weight: 2, arbitrary: fc.constantFrom(...right, ...wrong) },
    { weight: 1, arbitrary: odd },
  )
const plainly = fc.record(
  {
    clientId: mostly(['spa']),
    authority: mostly(
      [least.authority, 'https://login.example.com/realms/a', 'https://id:8443'],
      'http://a.example',
      'https://a.example?b',
      'https://a.example/.well-known/openid-configuration',
    ),
    redirectUri: mostly(['/', '/a', '/a.html'], '//evil.example', 'javascript:1'),
    postLogoutRedirectUri: mostly(['/bye'], 'https://else.example'),
    scopes: mostly([['openid'], []], ['a b'], ['é'], 'openid'),
    logger: mostly([() => undefined]),
  },
  { requiredKeys: ['clientId', 'authority'] },
)
const more = fc.option(fc.record({ cache: odd, clientID: odd }, { requiredKeys: [] }), {
  freq: 1,
  nil: {},
})
const options = fc.tuple(plainly, more).map(([given, added]): object => ({ ...given, ...added }))

test('plain options are valid', () => {
  let plain = 0
  fc.assert(
    fc.property(options, (given) => {
      if (!arePlain(given)) return
      plain += 1
      expect(() => checkOptions(given, ORIGIN)).not.toThrow()
    }),
    { numRuns: 2000 },
  )
  expect(plain).toBeGreaterThan(100)
})

test('the options of most apps are plain', () => {
  for (const more of [{}, { redirectUri: '/callback' }, { scopes: ['openid', 'calendar.read'] }])
    expect(arePlain({ ...least, ...more })).toBe(true)
})

test('all other options need the full check', () => {
  const others = [undefined, null, 'spa', [], {}, { ...least, clientId: 7 }, { ...least, typo: 1 }]
  for (const given of others) expect(arePlain(given)).toBe(false)
  for (const more of [
    { tokens: 'worker' },
    { redirectUri: '//evil.example' },
    { scopes: 'openid' },
  ])
    expect(arePlain({ ...least, ...more })).toBe(false)
  expect(arePlain({ ...least, authority: 'http://login.example.com/' })).toBe(false)
})

test('inherited options and accessors need the full check, because a copy would omit them', () => {
  class Options {
    clientId = 'spa'
    get authority() {
      return 'https://login.example.com/'
    }
  }
  for (const given of [
    new Options(),
    Object.create(least),
    Object.assign(Object.create(null), least),
  ])
    expect(arePlain(given)).toBe(false)
})
