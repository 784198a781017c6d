import { expect, test } from 'vitest'
import { fakePlace } from '../../testing/fake-place.ts'
import { findMsalSessions } from './find-msal-sessions.ts'

const TENANT = '11111111-aaaa-4aaa-8aaa-000000000001'
const OTHER_TENANT = '22222222-aaaa-4aaa-8aaa-000000000002'
const OID = 'aaaaaaaa-1111-4aaa-8aaa-00000000000a'
const HOME = `${OID}.${TENANT}`
const NOW_MS = 1_800_000_000_000
const inSeconds = (seconds: number) => `${NOW_MS / 1000 + seconds}`

const jwt = (claims: object) => `e30.${btoa(JSON.stringify(claims))}.x`
const claims = { iss: 'i', sub: 'alice', oid: OID, tid: TENANT, iat: 1, aud: 'spa' }

const options = {
  clientId: 'spa',
  authority: `https://login.microsoftonline.com/${TENANT}`,
}

const common = { homeAccountId: HOME, environment: 'login.windows.net', clientId: 'spa' }
const idToken = { ...common, credentialType: 'IdToken', realm: TENANT, secret: jwt(claims) }
const refreshToken = { ...common, credentialType: 'RefreshToken', secret: 'rt' }
const accessToken = {
  ...common,
  credentialType: 'AccessToken',
  realm: TENANT,
  secret: 'at',
  target: 'openid profile User.Read',
  expiresOn: inSeconds(600),
}
const account = { homeAccountId: HOME, environment: 'login.windows.net', realm: TENANT }

/** Storage as a version of the library leaves it, with the keys `id0`, `at0`, `rt0` and so on. */
function stored(
  credentials: Record<string, object | string>,
  { accounts = { acc: account } as Record<string, object>, schema = '3.', clientId = 'spa' } = {},
) {
  const text = (value: object | string) =>
    typeof value === 'string' ? value : JSON.stringify(value)
  const keys = (start: string) => Object.keys(credentials).filter((key) => key.startsWith(start))
  return fakePlace({
    ...Object.fromEntries(Object.entries(credentials).map(([key, value]) => [key, text(value)])),
    ...Object.fromEntries(Object.entries(accounts).map(([key, value]) => [key, text(value)])),
    [`msal.${schema}account.keys`]: JSON.stringify(Object.keys(accounts)),
    [`msal.${schema}token.keys.${clientId}`]: JSON.stringify({
      idToken: keys('id'),
      accessToken: keys('at'),
      refreshToken: keys('rt'),
    }),
  })
}

const find = (place: ReturnType<typeof fakePlace>, more: object = {}, cookies = '') =>
  findMsalSessions({ ...options, ...more }, { places: [place], cookies, nowMs: NOW_MS })

test('A session has its tokens, their scopes and their expiries', async () => {
  const lastUpdatedAt = `${NOW_MS}`
  const place = stored({
    id0: idToken,
    at0: accessToken,
    rt0: { ...refreshToken, expiresOn: inSeconds(86_400), lastUpdatedAt },
  })
  const { sessions, skipped } = await find(place)
  expect(skipped).toEqual([])
  expect(sessions.map(({ session }) => session)).toEqual([
    {
      idToken: idToken.secret,
      authority: undefined,
      homeAccountId: HOME,
      accessTokens: [
        {
          token: 'at',
          scopes: ['openid', 'profile', 'User.Read'],
          expiresAtMs: NOW_MS + 600_000,
        },
      ],
      refreshToken: {
        token: 'rt',
        scopes: ['openid', 'profile', 'offline_access', 'User.Read'],
        expiresAtMs: NOW_MS + 86_400_000,
      },
    },
  ])
})

test.each([
  ['expired', { ...accessToken, expiresOn: inSeconds(59) }],
  ['bound', { ...accessToken, credentialType: 'AccessToken_With_AuthScheme' }],
  ['bound', { ...accessToken, tokenType: 'pop' }],
  ['claims_answer', { ...accessToken, requestedClaimsHash: 'hash' }],
  ['unreadable', '{"credentialType":'],
  ['unreadable', 'null'],
  ['unreadable', { ...accessToken, secret: 7 }],
  ['unreadable', { ...accessToken, secret: 'x'.repeat(100_001) }],
  ['key_missing', { id: 'k', nonce: 'n', data: 'd' }],
  ['other_provider', { ...accessToken, environment: 'login.evil.example' }],
  ['other_provider', { ...accessToken, clientId: 'other' }],
])('A token that is %s is left out, and costs nothing else: %j', async (reason, broken) => {
  const { sessions, skipped } = await find(
    stored({ id0: idToken, at0: broken, at1: accessToken, rt0: refreshToken }),
  )
  expect(skipped).toEqual([{ key: 'at0', reason }])
  expect(sessions[0]?.session.accessTokens?.map(({ token }) => token)).toEqual(['at'])
  expect(sessions[0]?.session.refreshToken?.token).toBe('rt')
})

test('A lifetime in the place of an expiry is an unknown expiry', async () => {
  const place = stored({ id0: idToken, rt0: { ...refreshToken, expiresOn: '86400' } })
  const [found] = (await find(place)).sessions
  expect(found?.session.refreshToken).toMatchObject({ token: 'rt', expiresAtMs: undefined })
})

test('An account that the library does not list is signed out', async () => {
  const { sessions, skipped } = await find(stored({ id0: idToken }, { accounts: {} }))
  expect([sessions, skipped]).toEqual([[], [{ key: 'id0', reason: 'no_account' }]])
})

test('An id of a home account that does not fit the ID token is refused', async () => {
  const foreign = { ...common, homeAccountId: `bbbbbbbb.${TENANT}` }
  const place = stored(
    { id0: { ...idToken, ...foreign } },
    { accounts: { acc: { ...account, ...foreign } } },
  )
  expect((await find(place)).skipped).toEqual([{ key: 'id0', reason: 'unreadable' }])
})

test('A guest comes with the tenant as authority, beside the home account and never alone', async () => {
  const there = { realm: OTHER_TENANT, secret: jwt({ ...claims, tid: OTHER_TENANT }) }
  const guest = { ...idToken, ...there }
  const authoritiesOf = async (place: ReturnType<typeof fakePlace>, more = {}) =>
    (await find(place, more)).sessions.map(({ session }) => session.authority)
  const tenant = `https://login.microsoftonline.com/${OTHER_TENANT}`
  expect(await authoritiesOf(stored({ id0: idToken, id1: guest }))).toEqual([undefined, tenant])
  expect(await authoritiesOf(stored({ id1: guest }))).toEqual([])
  const shared = { authority: 'https://login.microsoftonline.com/common' }
  expect(await authoritiesOf(stored({ id1: guest }), shared)).toEqual([tenant])
})

test('Of two versions the newest ID token counts', async () => {
  const newer = { ...idToken, secret: jwt({ ...claims, iat: 2 }) }
  const { sessions } = await find(stored({ id0: newer, id1: idToken }))
  expect(sessions.map(({ session }) => session.idToken)).toEqual([newer.secret])
})

test('A plain provider is recognized by its host, and its tokens by the account', async () => {
  const plain = { homeAccountId: 'alice', environment: 'login.example', realm: '' }
  const place = stored(
    {
      id0: { ...idToken, ...plain },
      at0: { ...accessToken, ...plain, realm: 'realms' },
    },
    { accounts: { acc: plain } },
  )
  const { sessions } = await find(place, { authority: 'https://login.example/realms/a' })
  expect(sessions[0]?.session.accessTokens).toHaveLength(1)
  const elsewhere = { authority: 'https://login.example:8443/realms/a' }
  expect((await find(place, elsewhere)).sessions).toEqual([])
})

test('A removal keeps the entries of other clients', async () => {
  const place = stored({ 'id0-spa': idToken, at0: accessToken, rt0: refreshToken })
  place.setItem('msal.3.token.keys.other', JSON.stringify({ idToken: [`x-${HOME}`] }))
  place.setItem('msal.spa.active-account-filters', JSON.stringify({ homeAccountId: HOME }))
  place.setItem('msal.other.active-account-filters', '{}')
  place.setItem('msal.spa.request.params', 'x')
  place.setItem('msal.interaction.status', '{"clientId":"spa"}')
  const { sessions, removeRest } = await find(place)
  expect(sessions[0]?.wasActive).toBe(true)
  for (const { remove } of sessions) remove()
  removeRest()
  expect(place.keys()).toEqual([
    'acc',
    'msal.3.account.keys',
    'msal.3.token.keys.other',
    'msal.other.active-account-filters',
  ])
})

test('A removal leaves nothing of the only client', async () => {
  const place = stored({ id0: idToken, at0: accessToken, rt0: refreshToken, 'at-spa': '{' })
  const { sessions, removeRest } = await find(place)
  for (const { remove } of sessions) remove()
  removeRest()
  expect(place.keys()).toEqual([])
})

/** Encrypts as the library does. */
async function encrypted(value: object, context: string, key: Uint8Array<ArrayBuffer>) {
  const nonce = new Uint8Array(16).fill(7)
  const toText = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
  const base = await crypto.subtle.importKey('raw', key, 'HKDF', false, ['deriveKey'])
  const derived = await crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: nonce, info: new TextEncoder().encode(context) },
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt'],
  )
  const data = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: new Uint8Array(12) },
    derived,
    new TextEncoder().encode(JSON.stringify(value)),
  )
  return { id: 'k', nonce: toText(nonce), data: toText(new Uint8Array(data)) }
}

test('Encrypted entries are read with the key in the cookie, and only with that key', async () => {
  const key = crypto.getRandomValues(new Uint8Array(32))
  const place = stored(
    { 'id|spa': await encrypted(idToken, 'spa', key) },
    { accounts: { acc: await encrypted(account, '', key) } },
  )
  const cookieOf = (id: string, bytes = key) => {
    const value = JSON.stringify({ id, key: Buffer.from(bytes).toString('base64url') })
    return `a=b; msal.cache.encryption=${encodeURIComponent(value)}; c=d`
  }
  expect((await find(place, {}, cookieOf('k'))).sessions).toHaveLength(1)
  const others = ['', 'msal.cache.encryption=%', cookieOf('j'), cookieOf('k', new Uint8Array(32))]
  for (const cookies of others) {
    const { sessions, skipped } = await find(place, {}, cookies)
    expect(sessions).toEqual([])
    expect(skipped.map(({ reason }) => reason)).toEqual(['key_missing', 'key_missing'])
  }
})
