import type { FaultRequest } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ConfidentialClient } from '../api/confidential-client.ts'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { certificate } from '../credentials/certificate.ts'
import { memoryStore } from '../stores/memory-store.ts'
import { createTestClock, GRAPH, SECRET, startEntraService } from '../testing/service.ts'

type Call = (app: ConfidentialClient) => Promise<unknown>
type Fault = FaultRequest['fault']

let entra: Awaited<ReturnType<typeof startEntraService>>
beforeAll(async () => {
  entra = await startEntraService()
})
beforeEach(() => entra.idp.control.reset())
afterAll(() => entra.idp.close())

const scopes = ['User.Read']
const html = { 'content-type': 'text/html' }
const respond = (status: number, body: string | object = '', headers = {}): Fault =>
  ({ kind: 'respond', status, body, headers }) as Fault

/** Each fault of the token endpoint, with the codes that it may have. */
const faults: readonly (readonly [string, Fault, readonly string[]])[] = [
  ['no answer', { kind: 'hang' }, ['timeout']],
  ['a slow body', { kind: 'drip', bytesPerSecond: 20 }, ['timeout']],
  ['a broken connection', { kind: 'reset' }, ['network_error']],
  ['a lost answer', { kind: 'loseAnswer' }, ['network_error']],
  [
    'a redirect',
    { kind: 'redirect', location: 'https://other.example/' },
    ['intermediary_answered'],
  ],
  ['400 with an OAuth error', respond(400, { error: 'invalid_request' }), ['token_request_failed']],
  ['400 without a body', respond(400), ['token_request_failed', 'interaction_required']],
  [
    '401 invalid_client',
    respond(401, { error: 'invalid_client' }),
    ['client_authentication_failed'],
  ],
  ['403 as a page', respond(403, '<html>', html), ['intermediary_answered']],
  [
    '403 unauthorized_client',
    respond(403, { error: 'unauthorized_client' }),
    ['token_request_failed'],
  ],
  ['429', respond(429, { error: 'slow_down' }, { 'retry-after': '1' }), ['server_error']],
  ['500', respond(500, 'oops'), ['server_error']],
  ['500 as a page', respond(500, '<html>', html), ['server_error']],
  ['503', respond(503, '', { 'retry-after': '1' }), ['server_error']],
  ['a page with status 200', respond(200, '<html>sign in</html>', html), ['intermediary_answered']],
  ['text with status 200', respond(200, 'ok'), ['invalid_response']],
  ['an empty object', respond(200, {}), ['invalid_response']],
  [
    'a number as token',
    respond(200, { access_token: 7, token_type: 'Bearer' }),
    ['invalid_response'],
  ],
  [
    'another type of token',
    { kind: 'tokenResponse', set: { token_type: 'N_A' } },
    ['invalid_response'],
  ],
  ['2 MB', respond(200, 'x'.repeat(2 ** 21)), ['invalid_response']],
]

describe.each(faults)('%s', (_name, fault, codes) => {
  const calls: Record<string, () => Promise<Call>> = {
    'a token for the app': async () => (app) => app.acquireTokenForApp({ scopes: [GRAPH] }),
    'on-behalf-of': async () => {
      const assertion = await entra.idp.accessTokenFor('alice')
      return (app) => app.acquireTokenOnBehalfOf({ assertion, scopes })
    },
    'the begin of a session': async () => {
      const assertion = await entra.idp.accessTokenFor('alice')
      return (app) => app.longRunning.begin({ assertion, scopes, key: 'job' })
    },
    'a refresh of a session': async () => (app) =>
      app.longRunning.acquireToken({ key: 'job', scopes, forceRefresh: true }),
  }

  test.each(Object.keys(calls))(
    '%s rejects with a typed error, and the next call succeeds',
    async (name) => {
      const cache = { store: memoryStore(), keys: keyring(newSealKey()) }
      const app = await entra.create({ cache })
      // A short timeout for the request that must time out, and for no other one.
      const hasty = await entra.create({ cache, requestTimeoutMs: 300 })
      const isSession = name === 'a refresh of a session'
      const assertion = await entra.idp.accessTokenFor('alice')
      if (isSession) await app.longRunning.begin({ assertion, scopes, key: 'job' })
      // The discovery document is in memory then, so that the fault meets the token request alone.
      else await app.acquireTokenForApp({ scopes: [`${entra.idp.api}/.default`] })
      const call = await calls[name]?.()
      await entra.idp.control.addFault({ endpoint: 'token', fault, count: 1 })
      const error = await call?.(codes.includes('timeout') ? hasty : app).then(
        () => undefined,
        (reason) => reason,
      )
      expect(codes).toContain(error?.code)
      expect(error?.hint).toEqual(expect.any(String))
      expect(error?.correlationId).toEqual(expect.any(String))
      const issued = await entra.idp.control.issued()
      const secrets = [SECRET, assertion, ...issued.accessTokens, ...issued.refreshTokens]
      const shown = `${error?.message} ${JSON.stringify(error)} ${error?.cause} ${entra.logged.join()}`
      for (const secret of secrets) expect(shown).not.toContain(secret)
      await entra.idp.control.clearFaults()
      if (error?.retryAtMs > Date.now())
        await new Promise((resolve) => setTimeout(resolve, error.retryAtMs - Date.now() + 20))
      await call?.(app)
    },
  )
})

test('an error of the provider that quotes the secrets of the request is cleaned', async () => {
  const app = await entra.create()
  const assertion = await entra.idp.accessTokenFor('alice')
  const error_description = `Wrong: client_secret=${SECRET}&assertion=${assertion}`
  const fault = respond(400, { error: 'invalid_request', error_description })
  await entra.idp.control.addFault({ endpoint: 'token', fault })
  const error = await app.acquireTokenOnBehalfOf({ assertion, scopes }).catch((reason) => reason)
  expect(error.oauth.description).toContain('(secret)')
  expect(JSON.stringify(error.oauth)).not.toContain(SECRET)
  expect(JSON.stringify(error.oauth)).not.toContain(assertion)
})

test('discovery faults are typed, and no token request is sent', async () => {
  const app = await entra.create()
  const hasty = await entra.create({ requestTimeoutMs: 300 })
  for (const fault of [
    respond(404),
    respond(500),
    { kind: 'hang' },
    respond(200, '<html>', html),
  ]) {
    await entra.idp.control.addFault({ endpoint: 'discovery', fault: fault as Fault, count: 1 })
    const client = Object(fault).kind === 'hang' ? hasty : app
    await expect(
      client.acquireTokenForApp({ scopes: [GRAPH], forceRefresh: true }),
    ).rejects.toMatchObject({
      code: 'discovery_failed',
    })
    await entra.idp.control.clearFaults()
  }
  // A forced call does not wait for the end of the pause after failures.
  await app.acquireTokenForApp({ scopes: [GRAPH], forceRefresh: true })
  expect(await entra.requests()).toBe(1)
}, 30_000)

test('during an outage one call after another is not one request after another', async () => {
  const app = await entra.create()
  await entra.idp.control.addFault({ endpoint: 'token', count: 100, fault: respond(500) })
  for (let call = 0; call < 30; call += 1)
    await expect(app.acquireTokenForApp({ scopes: [GRAPH] })).rejects.toMatchObject({
      code: 'server_error',
    })
  expect(await entra.requests()).toBeLessThan(5)
})

test.each([-24, 24])(
  'a clock that is %i hours off gets tokens, by certificate too',
  async (hours) => {
    const clock = createTestClock()
    clock.advance(hours * 3_600_000)
    const { cert, key } = entra.certificate
    const app = await entra.create({ clock, credential: certificate({ cert, key }) })
    const assertion = await entra.idp.accessTokenFor('alice')
    await app.acquireTokenForApp({ scopes: [GRAPH] })
    await app.acquireTokenOnBehalfOf({ assertion, scopes })
    const { key: job } = await app.longRunning.begin({ assertion, scopes })
    const again = () => app.longRunning.acquireToken({ key: job, scopes, forceRefresh: true })
    await again()
    expect((await again()).account?.username).toBe('alice@contoso.example')
    // The metadata may be an option: then the first token request tells the time.
    const document = await fetch(`${entra.authority}/v2.0/.well-known/openid-configuration`)
    const metadata = (await document.json()) as Record<string, unknown>
    const given = await entra.create({ clock, metadata, credential: certificate({ cert, key }) })
    await given.acquireTokenForApp({ scopes: [GRAPH] })
  },
)

test('a session keeps its rotated refresh token if the rest of the response is invalid', async () => {
  await entra.idp.control.changeSettings({ refreshTokenReuse: 'ends' })
  const app = await entra.create()
  const assertion = await entra.idp.accessTokenFor('alice')
  const { key } = await app.longRunning.begin({ assertion, scopes })
  await entra.idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: { aud: 'another client' } },
  })
  const refresh = () => app.longRunning.acquireToken({ key, scopes, forceRefresh: true })
  await expect(refresh()).rejects.toMatchObject({ code: 'invalid_id_token' })
  expect((await refresh()).fromCache).toBe(false)
})

test('an abort ends the waiting in each flow of a service, and the tokens are stored', async () => {
  const cache = { store: memoryStore(), keys: keyring(newSealKey()) }
  const app = await entra.create({ cache })
  const assertion = await entra.idp.accessTokenFor('alice')
  await app.longRunning.begin({ assertion, scopes, key: 'job' })
  const flows: readonly ((signal?: AbortSignal) => Promise<unknown>)[] = [
    (signal) => app.acquireTokenForApp({ scopes: [GRAPH], signal }),
    (signal) => app.acquireTokenOnBehalfOf({ assertion, scopes, signal }),
    (signal) => app.longRunning.begin({ assertion, scopes, key: 'other', signal }),
    (signal) => app.longRunning.acquireToken({ key: 'job', scopes: ['Calendars.Read'], signal }),
  ]
  for (const flow of flows) {
    const before = await entra.requests()
    await entra.idp.control.addFault({ endpoint: 'token', fault: { kind: 'hang' }, count: 1 })
    const stop = new AbortController()
    const call = flow(stop.signal).catch((error: unknown) => error)
    await expect.poll(async () => (await entra.requests()) > before).toBe(true)
    stop.abort()
    expect(await call).toMatchObject({ code: 'aborted', correlationId: expect.any(String) })
    await entra.idp.control.clearFaults()
    await flow()
    // The request of the aborted call has answered the next one.
    expect(await entra.requests()).toBe(before + 1)
  }
})
