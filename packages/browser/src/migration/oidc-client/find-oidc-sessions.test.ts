import { expect, test } from 'vitest'
import { fakePlace } from '../../testing/fake-place.ts'
import { findOidcSessions } from './find-oidc-sessions.ts'

const NOW_MS = 1_800_000_000_000
const KEY = 'oidc.user:https://idp.example/:spa'
const idToken = `e30.${btoa(JSON.stringify({ iss: 'https://idp.example/', sub: 'alice' }))}.x`
const user = {
  id_token: idToken,
  access_token: 'at',
  refresh_token: 'rt',
  token_type: 'Bearer',
  scope: 'openid calendar.read',
  session_state: 'abc',
  profile: { sub: 'alice', nickname: 'Al' },
  expires_at: NOW_MS / 1000 + 600,
}

function find(texts: Record<string, object | string>) {
  const place = fakePlace(
    Object.fromEntries(
      Object.entries(texts).map(([key, value]) => [
        key,
        typeof value === 'string' ? value : JSON.stringify(value),
      ]),
    ),
  )
  const found = findOidcSessions({
    places: [place],
    clientId: 'spa',
    authorities: ['https://idp.example', 'https://idp.example/'],
    users: ['oidc.user:https://idp.example:spa', KEY],
    prefix: 'oidc.',
    nowMs: NOW_MS,
  })
  return { place, ...found }
}

test('A user has the tokens, and the members that Carnet does not keep', () => {
  const { sessions, skipped } = find({ [KEY]: user })
  expect(skipped).toEqual([])
  expect(sessions).toMatchObject([
    {
      session: {
        idToken,
        accessTokens: [
          { token: 'at', scopes: ['openid', 'calendar.read'], expiresAtMs: NOW_MS + 600_000 },
        ],
        refreshToken: { token: 'rt', scopes: ['openid', 'calendar.read'] },
      },
      user: { profile: user.profile, sessionState: 'abc', scope: user.scope },
    },
  ])
})

test.each([
  ['bound', { ...user, token_type: 'DPoP' }],
  ['no_id_token', { ...user, id_token: undefined }],
  ['unreadable', { ...user, id_token: 'x' }],
  ['unreadable', { ...user, expires_at: 'soon' }],
  ['unreadable', '{'],
])('A user that is %s is not moved: %j', (reason, entry) => {
  const { sessions, skipped } = find({ [KEY]: entry })
  expect([sessions, skipped]).toEqual([[], [{ key: KEY, reason }]])
})

test('An access token that ends within a minute is left out', () => {
  const { sessions, skipped } = find({ [KEY]: { ...user, expires_at: NOW_MS / 1000 + 59 } })
  expect(skipped).toEqual([{ key: KEY, reason: 'expired' }])
  expect(sessions[0]?.session).toMatchObject({ accessTokens: [], refreshToken: { token: 'rt' } })
})

test('A removal takes the user and the sign-ins under way, and keeps those of others', () => {
  const pending = { client_id: 'spa', authority: 'https://idp.example', code_verifier: 'v' }
  const { place, sessions, removeRest } = find({
    [KEY]: user,
    'oidc.1': pending,
    'oidc.2': { ...pending, client_id: 'other' },
    'oidc.3': { ...pending, authority: 'https://other.example' },
    'oidc.user:https://idp.example/:other': user,
    'oidc.4': '{',
  })
  for (const { remove } of sessions) remove()
  removeRest()
  expect(place.keys()).toEqual([
    'oidc.2',
    'oidc.3',
    'oidc.4',
    'oidc.user:https://idp.example/:other',
  ])
})
