import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillOptions } from './fill-options.ts'
import type { AuthClientOptions } from './options.ts'
import { parseOptions } from './parse-options.ts'
import { arePlain } from './plain-options.ts'

const ORIGIN = 'https://app.example.com'
const least = { clientId: 'spa', authority: 'https://login.example.com/' }

const odd = fc.oneof(
  fc.anything(),
  fc.string(),
  fc.webUrl(),
  fc.constantFrom('', ' ', '/', '//', '/a/../b'),
)
const mostly = (...right: readonly unknown[]) =>
  fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: odd })
const plainly = fc.record(
  {
    clientId: mostly('spa'),
    authority: mostly(least.authority, 'http://localhost:1', 'http://a.example'),
    redirectUri: mostly('/', '/a', '/a.html', '//evil.example', 'javascript:1'),
    postLogoutRedirectUri: mostly('/bye', 'https://else.example'),
    scopes: mostly(['openid'], [], ['a b'], ['é'], 'openid'),
    logger: mostly(() => undefined),
  },
  { requiredKeys: ['clientId', 'authority'] },
)
const more = fc.option(fc.record({ requestTimeout: odd, clientID: odd }, { requiredKeys: [] }), {
  freq: 9,
  nil: {},
})
const options = fc.tuple(plainly, more).map(([given, added]): object => ({ ...given, ...added }))

test('what passes as plain is right, and means the same as if it had been checked in full', () => {
  let plain = 0
  fc.assert(
    fc.property(options, (given) => {
      if (!arePlain(given)) return
      plain += 1
      const {
        log: _,
        fetch: __,
        now: ___,
        ...filled
      } = fillOptions(given as AuthClientOptions, ORIGIN)
      expect(parseOptions(given as AuthClientOptions, ORIGIN)).toMatchObject(filled)
    }),
    { numRuns: 2000 },
  )
  expect(plain).toBeGreaterThan(10)
})

test('what most apps say is plain', () => {
  for (const more of [{}, { redirectUri: '/callback' }, { scopes: ['openid', 'calendar.read'] }])
    expect(arePlain({ ...least, ...more })).toBe(true)
})

test('anything else is for the full check', () => {
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
