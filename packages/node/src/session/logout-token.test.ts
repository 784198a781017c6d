import { generateKeyPairSync, type KeyObject, sign as signing } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { serve } from '../testing/device-provider.ts'
import { createSessions } from './sessions.ts'

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const ISSUER = 'http://127.0.0.1:9/issuer'
const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 })
const keys = newKeys()
let server: Awaited<ReturnType<typeof serve>>
let nowMs = Date.now()
beforeAll(async () => {
  const jwk = { ...keys.publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256' }
  server = await serve((request, response) => {
    const isKeys = request.url === '/keys'
    response.writeHead(isKeys ? 200 : 503, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ keys: [jwk] }))
  })
})
afterAll(() => server.close())

async function create(keysAt = '/keys') {
  const app = await createConfidentialClient({
    clientId: 'web',
    authority: ISSUER,
    credential: clientSecret('secret'),
    clock: { now: () => nowMs },
    metadata: {
      issuer: ISSUER,
      authorization_endpoint: `${ISSUER}/auth`,
      token_endpoint: `${ISSUER}/token`,
      jwks_uri: server.url + keysAt,
    },
  })
  return createSessions(app, { origin: 'https://app.example' })
}

const seconds = () => Math.floor(nowMs / 1000)
const valid = () => ({
  iss: ISSUER,
  aud: 'web',
  iat: seconds(),
  exp: seconds() + 120,
  jti: crypto.randomUUID(),
  sid: 'session',
  sub: 'alice',
  events: { [EVENT]: {} },
})
const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

function sign(claims: object, key: KeyObject = keys.privateKey, typ = 'logout+jwt'): string {
  const signed = `${part({ alg: 'RS256', kid: 'one', typ })}.${part(claims)}`
  return `${signed}.${signing('sha256', Buffer.from(signed), key).toString('base64url')}`
}

const post = (token: string | undefined) =>
  new Request('https://app.example/backchannel-logout', {
    method: 'POST',
    body: new URLSearchParams(token === undefined ? {} : { logout_token: token }),
  })

test('a logout token of the provider is accepted, once', async () => {
  const sessions = await create()
  const token = sign(valid())
  const answer = await sessions.backChannelLogout(post(token))
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  expect((await sessions.backChannelLogout(post(token))).status).toBe(400)
  const { sub: _, ...bySid } = valid()
  const { sid: __, ...bySub } = valid()
  for (const claims of [bySid, bySub, { ...valid(), aud: ['other', 'web'] }])
    expect((await sessions.backChannelLogout(post(sign(claims)))).status).toBe(200)
})

const wrong: readonly (readonly [string, object])[] = [
  ['another issuer', { iss: 'https://other.example' }],
  ['another audience', { aud: 'other' }],
  ['a nonce, as an ID token has', { nonce: 'n' }],
  ['no event', { events: {} }],
  ['an event that is no object', { events: { [EVENT]: true } }],
  ['neither sub nor sid', { sub: undefined, sid: undefined }],
  ['no id', { jti: undefined }],
  ['no time', { iat: undefined }],
  ['an end in the past', { exp: 1 }],
  ['a time in the future', { iat: Math.floor(Date.now() / 1000) + 3600 }],
]
test.each(wrong)('a logout token with %s is refused', async (_what, change) => {
  const sessions = await create()
  const answer = await sessions.backChannelLogout(post(sign({ ...valid(), ...change })))
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: 'invalid_request' })
})

test('forged tokens, other tokens and other bodies are refused', async () => {
  const sessions = await create()
  const { privateKey } = newKeys()
  const [head = '', body = ''] = sign(valid()).split('.')
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`
  const tokens = [
    sign(valid(), privateKey),
    sign(valid(), keys.privateKey, 'at+jwt'),
    `${head}.${body}.`,
    unsigned,
    'no.jwt.at-all',
    'nothing',
    '',
    undefined,
  ]
  for (const token of tokens)
    expect((await sessions.backChannelLogout(post(token))).status).toBe(400)
  const json = new Request('https://app.example/', { method: 'POST', body: '{}' })
  expect((await sessions.backChannelLogout(json)).status).toBe(400)
})

test('keys that cannot be fetched are no reason to accept or to condemn a token', async () => {
  const sessions = await create('/down')
  expect((await sessions.backChannelLogout(post(sign(valid())))).status).toBe(503)
})

test('an old token is refused, whatever its end says', async () => {
  const sessions = await create()
  const token = sign({ ...valid(), exp: seconds() + 10 * 86_400 })
  nowMs += 3_600_000
  expect((await sessions.backChannelLogout(post(token))).status).toBe(400)
  nowMs -= 3_600_000
})
