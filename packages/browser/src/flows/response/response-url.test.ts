import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientMark } from '../../startup/client-mark.ts'
import { createState, isCarnetState, kindOfState } from '../authorization/state.ts'
import { findResponse } from './response-url.ts'

const origin = 'https://app.example'
const mark = clientMark('carnet|spa')
const state = createState(mark, 'redirect', '1')
const otherState = createState(clientMark('carnet|other'), 'redirect', '1')
const redirectUri = `${origin}/callback`

const find = (href: string) => findResponse(href, mark)

describe('a response to this client', () => {
  test('in the fragment is found, and removed with the fragment', () => {
    const found = find(`${origin}/callback?a=b#code=c&state=${state}&iss=x`)
    expect(found?.parameters.get('code')).toBe('c')
    expect(found?.cleanUrl).toBe(`${origin}/callback?a=b`)
  })

  test('in the query is found, and the rest of the URL stays', () => {
    const found = find(`${origin}/callback?a=b&code=c&state=${state}&iss=x#/inbox`)
    expect(found?.parameters.get('state')).toBe(state)
    expect(found?.cleanUrl).toBe(`${origin}/callback?a=b#/inbox`)
  })

  test('is found at any page and in the other response mode, because the mark names the client', () => {
    expect(find(`${origin}/elsewhere#code=c&state=${state}`)).toBeDefined()
    expect(find(`${origin}/callback?code=c&state=${state}`)).toBeDefined()
    expect(find(`${origin}/callback#code=c&state=${state}`)).toBeDefined()
  })

  test('may contain an error', () => {
    const found = find(`${origin}/callback#error=access_denied&state=${state}`)
    expect(found?.parameters.get('error')).toBe('access_denied')
  })

  test('with the `state` of another service stays in the URL, also at the redirect URI', () => {
    const foreign = fc.string().filter((text) => !text.startsWith(mark))
    fc.assert(
      fc.property(foreign, fc.string(), fc.constantFrom('#', '?'), (other, code, separator) => {
        const fields = new URLSearchParams({ code, state: other })
        expect(find(`${redirectUri}${separator}${fields}`)).toBeUndefined()
      }),
    )
    expect(find(`${origin}/callback?error=x&state=abc`)).toBeUndefined()
  })

  test('with repeated parameters keeps the first value of each parameter', () => {
    const found = find(`${origin}/callback#code=c&code=d&state=${state}&state=x`)
    expect(found?.cleanUrl).toBe(redirectUri)
  })
})

describe('other parameters', () => {
  test.each([
    ['no response', '/callback'],
    ['a hash router', '/#/callback?code=c&state=x'],
    ['a hash router with the mark of the client in its query', `/#/callback?code=c&state=${state}`],
    ['a fragment of the app', '/callback#section-2'],
    ['a code without a state', '/callback#code=c'],
    ['a state without code or error', '/callback#state=x'],
    ['the response to another library, at another page', '/other#code=c&state=abc'],
    ['the response to another library, in the other mode', '/callback?code=c&state=abc'],
    ['the response to another client', `/callback#code=c&state=${otherState}`],
    ['the response to another client in the query', `/callback?code=c&state=${otherState}`],
    ['an empty fragment', '/callback#'],
    ['broken percent signs', '/callback#code=%E0%A4%A&x=%'],
  ])('%s', (_what, path) => {
    expect(find(origin + path)).toBeUndefined()
  })

  test('a similar parameter of the app stays next to a response in the fragment', () => {
    const found = find(`${origin}/callback?code=voucher#code=c&state=${state}`)
    expect(found?.cleanUrl).toBe(`${origin}/callback?code=voucher`)
  })
})

const RESPONSE_PARAMETERS =
  'code state iss session_state client_info error error_description error_uri error_subcode'.split(
    ' ',
  )
const pairs = (names: fc.Arbitrary<string>) =>
  fc.array(fc.tuple(names, fc.string()), { maxLength: 5 })
const appPairs = pairs(fc.stringMatching(/^app_[a-z]{1,5}$/))
const serverPairs = pairs(fc.constantFrom(...RESPONSE_PARAMETERS))

test('no response parameter is left in the clean URL, and the rest stays', () => {
  fc.assert(
    fc.property(appPairs, serverPairs, fc.webFragments(), (app, server, fragment) => {
      const query = new URLSearchParams([['state', state], ...server, ['code', 'c'], ...app])
      const found = find(`${redirectUri}?${query}#${fragment}`)
      const clean = new URL(found?.cleanUrl ?? 'missing:')
      expect([...clean.searchParams]).toEqual([...new URLSearchParams(app)])
      expect(clean.origin + clean.pathname).toBe(redirectUri)
      expect(clean.hash.slice(1)).toBe(new URL(`${origin}/#${fragment}`).hash.slice(1))
    }),
  )
})

test('a response in the fragment leaves no fragment, and the query as it is', () => {
  fc.assert(
    fc.property(appPairs, serverPairs, (app, server) => {
      const fragment = new URLSearchParams([['state', state], ...server, ['error', 'e']])
      const before = `${redirectUri}?${new URLSearchParams(app)}`
      expect(find(`${before}#${fragment}`)?.cleanUrl).toBe(new URL(before).href)
    }),
  )
})

test('no URL causes an exception', () => {
  fc.assert(
    fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (href) => {
      expect(() => find(href)).not.toThrow()
    }),
  )
})

describe('the state', () => {
  const kinds = ['redirect', 'popup', 'iframe', 'signOut', 'signOutRedirect'] as const

  test('has the same mark at each load, and another for another client or cache', () => {
    expect(clientMark('carnet|spa')).toBe(mark)
    const marks = [mark, clientMark('carnet|other'), clientMark('other|spa')]
    expect(new Set(marks).size).toBe(3)
  })

  test('is recognised as a state of Carnet, with its kind, for any names', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom(...kinds), (cache, client, kind) => {
        const made = createState(clientMark(`${cache}|${client}`), kind, 'id')
        expect(isCarnetState(made)).toBe(true)
        expect(kindOfState(made)).toBe(kind)
      }),
    )
  })

  test.each(['', 'abc', 'carnet-', 'carnet-12345678-x.1', 'x-carnet-12345678-r.', '__proto__'])(
    'is not %j',
    (text) => {
      expect(isCarnetState(text)).toBe(false)
      expect(kindOfState(text)).toBeUndefined()
    },
  )

  test.each(kinds)('of a response by %s is part of the response', (kind) => {
    const href = `${redirectUri}#code=c&state=${createState(mark, kind, '1')}`
    expect(find(href)?.kind).toBe(kind)
  })

  test.each(kinds)('of another client, by %s, is found in a popup or an iframe', (kind) => {
    const foreign = createState(clientMark('carnet|other'), kind, '1')
    const found = find(`${redirectUri}#code=c&state=${foreign}`)
    const expected = kind === 'redirect' ? undefined : kind !== 'signOutRedirect'
    expect(found?.isForeign).toBe(expected)
    const own = createState(mark, kind, '1')
    expect(find(`${redirectUri}#code=c&state=${own}`)?.isForeign).toBe(false)
  })

  test('is the only parameter after a sign-out', () => {
    const href = `${origin}/bye?state=${createState(mark, 'signOut', '1')}`
    expect(find(href)?.cleanUrl).toBe(`${origin}/bye`)
  })

  test.each([mark, clientMark('carnet|other')])(
    'of a sign-out by redirect is removed from the URL, with mark %s, and no other parameter is',
    (anyMark) => {
      const state = createState(anyMark, 'signOutRedirect', '1')
      const found = find(`${origin}/shop?code=SUMMER&state=${state}&error=0&iss=7#top`)
      expect(found?.cleanUrl).toBe(`${origin}/shop?code=SUMMER&error=0&iss=7#top`)
      expect(found).toMatchObject({ kind: 'signOutRedirect', isForeign: false })
    },
  )
})
