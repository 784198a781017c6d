import * as original from 'oidc-client-ts'
import { afterEach, describe, expect, test, vi } from 'vitest'
import * as carnet from '../index.ts'
import { mergeClaims, withoutProtocolClaims } from './profile.ts'

/** Both libraries, so that each test proves the behaviour of the original too. */
const LIBRARIES = [
  ['original', original],
  ['carnet', carnet as unknown as typeof original],
] as const

const PROFILE = { sub: 'alice', iss: 'https://login.example.com', aud: 'spa', exp: 2, iat: 1 }
const NOW_MS = Date.UTC(2030, 0, 1)

const userOf = (of: typeof original, expires_at?: number) =>
  new of.User({
    ...{ access_token: 'token', token_type: 'Bearer', profile: PROFILE, scope: 'openid email' },
    ...{ userState: { tab: 1 }, url_state: 'u', ...(expires_at !== undefined && { expires_at }) },
  })

afterEach(() => {
  vi.useRealTimers()
})

describe.each(LIBRARIES)('%s: users, errors and stores', (_, of) => {
  test('a user computes its expiry and its scopes', () => {
    vi.useFakeTimers({ now: NOW_MS })
    const user = userOf(of, NOW_MS / 1000 + 90)
    expect([user.expires_in, user.expired, user.scopes]).toEqual([90, false, ['openid', 'email']])
    user.expires_in = 0
    expect([user.expires_at, user.expired]).toEqual([NOW_MS / 1000, true])
    const endless = userOf(of)
    expect([endless.expires_in, endless.expired]).toEqual([undefined, undefined])
  })

  test('a user is stored without the states of its sign-in', () => {
    const text = userOf(of, 5).toStorageString()
    expect(JSON.parse(text)).toEqual({
      ...{ access_token: 'token', token_type: 'Bearer', scope: 'openid email', expires_at: 5 },
      ...{ profile: PROFILE, session_state: null },
    })
    const read = of.User.fromStorageString(text)
    expect(read).toBeInstanceOf(of.User)
    expect([read.profile, read.state]).toEqual([PROFILE, undefined])
  })

  test('an error response has the description as message, and needs a code', () => {
    const error = new of.ErrorResponse({ error: 'access_denied', userState: 1, url_state: 'u' })
    expect({ ...error, message: error.message, name: error.name }).toMatchObject({
      ...{ error: 'access_denied', message: 'access_denied', name: 'ErrorResponse' },
      ...{ error_description: null, error_uri: null, session_state: null },
      ...{ state: 1, url_state: 'u' },
    })
    expect(error).toBeInstanceOf(Error)
    expect(() => new of.ErrorResponse({})).toThrow('No error passed')
    expect(new of.ErrorTimeout('late')).toMatchObject({ name: 'ErrorTimeout', message: 'late' })
  })

  test('a store adds its prefix, and lists its own keys', async () => {
    const store = new of.InMemoryWebStorage()
    const own = new of.WebStorageStateStore({ prefix: 'my.', store })
    store.setItem('other', 'x')
    await own.set('a', '1')
    expect([store.length, store.getItem('my.a'), await own.get('a')]).toEqual([2, '1', '1'])
    expect(await own.getAllKeys()).toEqual(['a'])
    expect([await own.remove('a'), store.length]).toEqual(['1', 1])
  })
})

describe.each(LIBRARIES)('%s: logs, responses, states and events', (_, of) => {
  test('a log line needs its level, and has the name of its source', () => {
    const lines: unknown[][] = []
    const note = (...line: unknown[]) => void lines.push(line)
    of.Log.setLogger({ debug: note, info: note, warn: note, error: note })
    of.Log.setLevel(of.Log.WARN)
    const logger = new of.Logger('Source').create('method')
    logger.info('no')
    logger.warn('yes', 1)
    of.Logger.error('Static', 'e')
    expect(() => logger.throw(new Error('thrown'))).toThrow('thrown')
    of.Log.reset()
    logger.error('no')
    expect(lines.slice(0, 2)).toEqual([
      ['[Source] method:', 'yes', 1],
      ['[Static]', 'e'],
    ])
    expect(lines).toHaveLength(3)
    expect(() => of.Log.setLevel(9 as original.Log)).toThrow('Invalid log level')
    expect(of.Log[of.Log.DEBUG]).toBe('DEBUG')
  })

  test('a response splits its state, and knows whether it is of OpenID Connect', () => {
    const response = new of.SigninResponse(new URLSearchParams('code=c&state=s;a;b'))
    expect([response.code, response.state, response.url_state]).toEqual(['c', 's', 'a;b'])
    expect(response.isOpenId).toBe(false)
    response.scope = 'openid'
    expect(response.isOpenId).toBe(true)
    const signedOut = new of.SignoutResponse(new URLSearchParams('error=e&state=s'))
    expect([signedOut.error, signedOut.state]).toEqual(['e', 's'])
  })

  test('stale states are removed, and records that are no states', async () => {
    const store = new of.WebStorageStateStore({ store: new of.InMemoryWebStorage() })
    const old = new of.State({ id: 'old', created: 1 })
    const young = new of.State({ id: 'young', data: { deep: 1 }, request_type: 'so:r' })
    for (const state of [old, young]) await store.set(state.id, state.toStorageString())
    await store.set('broken', '{')
    await of.State.clearStaleState(store, 900)
    expect(await store.getAllKeys()).toEqual(['young'])
    const read = await of.State.fromStorageString((await store.get('young')) ?? '')
    expect([read.data, read.request_type]).toEqual([{ deep: 1 }, 'so:r'])
  })

  test('the events of a token come at their time, and stop', async () => {
    vi.useFakeTimers({ now: NOW_MS })
    const seen: string[] = []
    const events = new of.AccessTokenEvents({ expiringNotificationTimeInSeconds: 60 })
    const remove = events.addAccessTokenExpiring(() => void seen.push('expiring'))
    events.addAccessTokenExpired(() => void seen.push('expired'))
    await events.load(userOf(of, NOW_MS / 1000 + 300))
    await vi.advanceTimersByTimeAsync(235_000)
    expect(seen).toEqual([])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(seen).toEqual(['expiring'])
    remove()
    await vi.advanceTimersByTimeAsync(70_000)
    expect(seen).toEqual(['expiring', 'expired'])
    await events.load(userOf(of, NOW_MS / 1000 + 900))
    await events.unload()
    await vi.advanceTimersByTimeAsync(900_000)
    expect(seen).toHaveLength(2)
  })
})

describe('the claims of a profile', () => {
  const settings = {
    filterProtocolClaims: true,
    mergeClaimsStrategy: { array: 'replace' },
  } as const
  const merging = { ...settings, mergeClaimsStrategy: { array: 'merge' } } as const

  test('are without the claims of the protocol, and keep the required claims', () => {
    const claims = { ...PROFILE, nonce: 'n', at_hash: 'h', name: 'Alice' }
    expect(withoutProtocolClaims(claims, settings)).toEqual({ ...PROFILE, name: 'Alice' })
    expect(withoutProtocolClaims(claims, { ...settings, filterProtocolClaims: false })).toEqual(
      claims,
    )
    const own = { ...settings, filterProtocolClaims: ['name', 'sub'] }
    expect(withoutProtocolClaims(claims, own)).toEqual({ ...PROFILE, nonce: 'n', at_hash: 'h' })
  })

  test('are replaced or merged by the claims of the user info', () => {
    const known = { roles: ['a'], address: { city: 'X', zip: 1 } }
    const added = { roles: ['b', 'a'], address: { city: 'Y' }, email: 'e' }
    expect(mergeClaims(known, added, settings)).toEqual({
      ...{ roles: ['b', 'a'], address: { city: 'Y', zip: 1 }, email: 'e' },
    })
    expect(mergeClaims(known, added, merging)).toMatchObject({ roles: ['a', 'b'] })
  })
})
