import type { FaultRequest } from '@carnet/idp'
import { expect, test } from 'vitest'
import { BOUND_SCOPES, startBoundApp } from '../testing/bound-app.ts'
import { forEachFile } from '../testing/for-each-file.ts'
import { createTestClock } from '../testing/service.ts'

type Fault = FaultRequest['fault']

const world = forEachFile(startBoundApp)
const scopes = BOUND_SCOPES

test.each(['required', 'once'] as const)(
  'a provider that demands nonces (%s) gets each with a fresh assertion',
  async (nonces) => {
    await world.idp.control.changeSettings({ authorizationServerNonces: nonces })
    const app = await world.create()
    // The endpoint for pushed requests teaches the nonce: one retry for the origin.
    const { account } = await (await world.begun(app, { pushed: true })).finish()
    const { counts } = await world.idp.control.stats()
    expect(counts.par).toBe(2)
    expect(counts.token).toBe(1)
    await app.acquireTokenForApp({ scopes })
    expect(
      (await app.forUser(account).acquireTokenSilent({ scopes, forceRefresh: true })).tokenType,
    ).toBe('DPoP')
    expect(await world.requests()).toBe(3)
  },
)

const refusal = (nonce: string): Fault => ({
  kind: 'respond',
  status: 400,
  body: { error: 'use_dpop_nonce' } as never,
  headers: { 'dpop-nonce': nonce },
})

test('a provider that refuses its own nonce is not asked again and again', async () => {
  const app = await world.create()
  await world.idp.control.addFault({ endpoint: 'token', count: 9, fault: refusal('same') })
  await expect(app.acquireTokenForApp({ scopes })).rejects.toMatchObject({ code: 'dpop_refused' })
  expect(await world.requests()).toBe(2)
})

test('a provider that always wants another nonce is asked three times', async () => {
  const app = await world.create()
  for (const nonce of ['a', 'b', 'c', 'd'])
    await world.idp.control.addFault({ endpoint: 'token', fault: refusal(nonce) })
  await expect(app.acquireTokenForApp({ scopes })).rejects.toMatchObject({
    code: 'token_request_failed',
    oauth: { error: 'use_dpop_nonce' },
  })
  expect(await world.requests()).toBe(3)
})

test('no refresh token is sent with a nonce that may have ended', async () => {
  await world.idp.control.changeSettings({
    authorizationServerNonces: 'required',
    nonceLifetime: 1,
    burnsRefreshTokens: true,
  })
  const clock = createTestClock()
  const app = await world.create({ clock })
  const { account } = await (await world.begun(app)).finish()
  // The nonces of the provider end by its own clock.
  clock.advance(10_000)
  await new Promise((resolve) => setTimeout(resolve, 2500))
  const result = await app.forUser(account).acquireTokenSilent({ scopes, forceRefresh: true })
  expect(result.tokenType).toBe('DPoP')
})

test('the calls of APIs answer nonces, and repeat bodies in memory only', async () => {
  await world.idp.control.changeSettings({ apiNonces: 'once' })
  const app = await world.create()
  const result = await app.acquireTokenForApp({ scopes })
  const url = world.api('echo')
  const init = { method: 'POST', body: 'hello' }
  const answers = await Promise.all([
    app.fetch(result, url, init),
    app.fetch(result, new Request(url)),
    app.fetch(result, new URL(url), { headers: { 'x-own': '1' } }),
  ])
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
  const stream = () => new Blob(['hello']).stream()
  const fresh = await world.create()
  const streamed = { method: 'POST', body: stream(), duplex: 'half' } as RequestInit
  const refused = await fresh.fetch(await fresh.acquireTokenForApp({ scopes }), url, streamed)
  expect(refused.status).toBe(401)
})

test('an HTTP client of the app gets headers, and other headers after the answer of the API', async () => {
  await world.idp.control.changeSettings({ apiNonces: 'required', apiClockOffset: 86_400 })
  const app = await world.create()
  const result = await app.acquireTokenForApp({ scopes })
  const call = { method: 'GET', url: world.api('echo') }
  const send = async (answer?: Response) =>
    fetch(call.url, { headers: { ...(await app.authorize(result, { ...call, answer })) } })
  let answer = await send()
  for (let attempt = 0; answer.status === 401 && attempt < 3; attempt += 1)
    answer = await send(answer)
  expect(answer.status).toBe(200)
  await expect(app.authorize({ ...result }, call)).rejects.toMatchObject({
    code: 'invalid_request',
  })
  for (const wrong of [{}, { method: 'GET', url: '/relative' }, null])
    await expect(app.authorize(result, wrong as never)).rejects.toMatchObject({
      code: 'invalid_request',
    })
})

const html = { 'content-type': 'text/html' }
const respond = (status: number, body: string | object, headers = {}): Fault =>
  ({ kind: 'respond', status, body, headers }) as Fault

test.each<readonly [string, Fault, string]>([
  ['no answer', { kind: 'hang' }, 'timeout'],
  ['a slow body', { kind: 'drip', bytesPerSecond: 20 }, 'timeout'],
  ['a broken connection', { kind: 'reset' }, 'network_error'],
  ['a page with status 200', respond(200, '<html>', html), 'intermediary_answered'],
  ['a page with status 403', respond(403, '<html>', html), 'intermediary_answered'],
  ['500 as a page', respond(500, '<html>', html), 'server_error'],
  ['503', respond(503, '', { 'retry-after': '1' }), 'server_error'],
  ['400 invalid_dpop_proof', respond(400, { error: 'invalid_dpop_proof' }), 'token_request_failed'],
  ['401 invalid_client', respond(401, { error: 'invalid_client' }), 'client_authentication_failed'],
  ['a bearer token', { kind: 'tokenResponse', set: { token_type: 'Bearer' } }, 'dpop_refused'],
])('after the demand of a nonce: %s', async (_name, fault, code) => {
  await world.idp.control.changeSettings({ authorizationServerNonces: 'required' })
  const clock = createTestClock()
  const app = await world.create({ requestTimeoutMs: 1000, clock })
  await world.idp.control.addFault({ endpoint: 'token', skip: 1, count: 9, fault })
  const call = app.acquireTokenForApp({ scopes })
  await expect(call).rejects.toMatchObject({ code, hint: expect.any(String) })
  await world.idp.control.clearFaults()
  clock.advance(60_000)
  expect((await app.acquireTokenForApp({ scopes })).tokenType).toBe('DPoP')
})

test('a clock that was set by less than a minute since the last response is corrected', async () => {
  const clock = createTestClock()
  const app = await world.create({ clock })
  await app.acquireTokenForApp({ scopes })
  // The provider accepts no assertion of the future.
  clock.advance(45_000)
  const { tokenType } = await app.acquireTokenForApp({ scopes, forceRefresh: true })
  expect(tokenType).toBe('DPoP')
})

test('a provider that ignores proofs gets no token into the cache', async () => {
  await world.idp.control.changeSettings({ dpop: 'off' })
  const app = await world.create()
  await expect(app.acquireTokenForApp({ scopes })).rejects.toMatchObject({ code: 'dpop_refused' })
  await expect((await world.begun(app)).finish()).rejects.toMatchObject({ code: 'dpop_refused' })
  expect(app.health().memory.tokens).toBe(0)
})
