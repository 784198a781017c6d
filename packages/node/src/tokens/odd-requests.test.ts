import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { ConfidentialClient } from '../api/confidential-client.ts'
import { createConfidentialClient } from '../client/create-confidential-client.ts'
import { clientSecret } from '../credentials/client-secret.ts'
import { createTestClock, SECRET, startOidcService } from '../testing/service.ts'

let oidc: Awaited<ReturnType<typeof startOidcService>>
beforeAll(async () => {
  oidc = await startOidcService()
})
beforeEach(() => oidc.idp.control.reset())
afterAll(() => oidc.idp.close())

const AUTHORITY = 'https://login.example'

/** A client whose provider answers with the given fields, in this process. */
async function clientOf(fields: () => Record<string, unknown>, clock = createTestClock()) {
  let requests = 0
  const bodies: string[] = []
  const app = await createConfidentialClient({
    clientId: 'job',
    authority: AUTHORITY,
    authorityProfile: 'oidc',
    credential: clientSecret(SECRET),
    clock,
    metadata: {
      issuer: AUTHORITY,
      authorization_endpoint: `${AUTHORITY}/authorize`,
      token_endpoint: `${AUTHORITY}/token`,
      jwks_uri: `${AUTHORITY}/keys`,
    },
    fetch: async (_url, init) => {
      requests += 1
      bodies.push(String(init?.body))
      return Response.json({ access_token: `t${requests}`, token_type: 'Bearer', ...fields() })
    },
  })
  return { app, clock, bodies, requests: () => requests }
}

const HOUR_MS = 3_600_000
/** The assumed lifetime of a token whose response states none. */
const UNSTATED_MS = 300_000

test.each<[string, unknown, number | 'refused']>([
  ['a number', 600, 600_000],
  ['a text with a number', '600', 600_000],
  ['a fraction', 600.5, 600_500],
  ['zero', 0, 0],
  ['a negative number', -5, 'refused'],
  ['a text without a number', 'soon', 'refused'],
  ['a huge number', 1e300, 10 * 365 * 24 * HOUR_MS],
  ['null', null, UNSTATED_MS],
  ['no value', undefined, UNSTATED_MS],
])('`expires_in` as %s', async (_name, expiresIn, expected) => {
  const beganMs = Date.now()
  const { app } = await clientOf(() => ({ expires_in: expiresIn }))
  const call = app.acquireTokenForApp({ scopes: ['read'] })
  if (expected === 'refused') {
    await expect(call).rejects.toMatchObject({ code: 'invalid_response', hint: expect.any(String) })
    return
  }
  const { expiresOn } = await call
  expect(expiresOn.getTime() - beganMs).toBeGreaterThanOrEqual(Math.min(expected, HOUR_MS) - 1)
  expect(expiresOn.getTime() - Date.now()).toBeLessThanOrEqual(expected + 1)
})

test('no lifetime that a provider states makes the app ask for each call', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.double(), fc.integer(), fc.constantFrom('0', '1', '-1', '1e9', '')),
      fc.oneof(fc.double(), fc.constant(undefined)),
      async (expiresIn, refreshIn) => {
        const { app, requests } = await clientOf(() => ({
          expires_in: expiresIn,
          ...(refreshIn !== undefined && { refresh_in: refreshIn }),
        }))
        const outcomes = await Promise.allSettled(
          Array.from({ length: 10 }, () => app.acquireTokenForApp({ scopes: ['read'] })),
        )
        await Promise.allSettled(
          Array.from({ length: 10 }, () => app.acquireTokenForApp({ scopes: ['read'] })),
        )
        for (const one of outcomes)
          if (one.status === 'rejected') expect(one.reason.code).toBe('invalid_response')
        // One more at most: for a renewal in the background, or after a refused response.
        expect(requests()).toBeLessThanOrEqual(3)
        await app.close()
      },
    ),
    { numRuns: 60 },
  )
})

test('several tokens that answer one question are no error: the newest one answers', async () => {
  const granted = ['read write', 'read mail']
  const { app, clock, requests } = await clientOf(() => ({ scope: granted.shift() ?? 'read' }))
  await app.acquireTokenForApp({ scopes: ['write'] })
  clock.advance(1000)
  await app.acquireTokenForApp({ scopes: ['mail'] })
  const { accessToken, fromCache } = await app.acquireTokenForApp({ scopes: ['read'] })
  expect([accessToken, fromCache, requests()]).toEqual(['t2', true, 2])
})

test('without an ID token there is no account: the assertion may be about an app', async () => {
  const { app, requests } = await clientOf(() => ({ expires_in: 600 }))
  const call = () => app.acquireTokenOnBehalfOf({ assertion: 'of an app', scopes: ['read'] })
  for (const fromCache of [false, true])
    expect(await call()).toMatchObject({ account: null, idToken: null, uniqueId: '', fromCache })
  expect(requests()).toBe(1)
})

test('a refresh token that the provider adds to a token of the app is not kept', async () => {
  const { app, clock, requests, bodies } = await clientOf(() => ({
    expires_in: 600,
    refresh_token: 'r',
  }))
  await app.acquireTokenForApp({ scopes: ['read'] })
  clock.advance(HOUR_MS)
  await app.acquireTokenForApp({ scopes: ['read'] })
  expect(requests()).toBe(2)
  for (const body of bodies)
    expect(new URLSearchParams(body).get('grant_type')).toBe('client_credentials')
})

test('every malformed request rejects with a typed error, also after a valid one with equal text', async () => {
  const app = await oidc.create()
  await app.acquireTokenForApp({ scopes: ['calendar.read'] })
  await app.acquireTokenForApp({ scopes: ['a', 'b'] }).catch(() => undefined)
  const malformed = [
    ['a b'],
    [['a', 'b']],
    ['calendar.read', undefined],
    [Symbol('a')],
    { length: 1, 0: 'calendar.read' },
    'calendar.read',
    null,
  ]
  const requests: unknown[] = [
    undefined,
    null,
    'calendar.read',
    ...malformed.map((scopes) => ({ scopes })),
    { scopes: ['calendar.read'], resource: null },
    { scopes: ['calendar.read'], resource: Symbol('a') },
    { scopes: ['calendar.read'], resource: 'no uri' },
    { scopes: ['calendar.read'], claims: {} },
    { scopes: ['calendar.read'], claims: '[]' },
    { scopes: ['calendar.read'], signal: {} },
  ]
  const calls: ((request: never) => Promise<unknown>)[] = [
    app.acquireTokenForApp,
    app.acquireTokenOnBehalfOf,
    app.exchange,
    app.longRunning.begin,
    app.longRunning.acquireToken,
  ]
  const tokens = { assertion: 'opaque', subjectToken: 'opaque', key: 'job' }
  for (const call of calls)
    for (const request of requests.map((one) =>
      typeof one === 'object' && one !== null ? { ...tokens, ...one } : one,
    ))
      await expect(call(request as never)).rejects.toMatchObject({
        code: 'invalid_request',
        hint: expect.any(String),
      })
})

test.each([
  'subjectToken',
  'subjectTokenType',
  'actorToken',
  'actorTokenType',
  'audience',
  'requestedTokenType',
])('an exchange whose `%s` is no text is refused before any request', async (field) => {
  const app = await oidc.create()
  const wrong = { subjectToken: 'opaque', scopes: ['a'], [field]: 7 }
  await expect(app.exchange(wrong as never)).rejects.toMatchObject({ code: 'invalid_request' })
  expect((await oidc.idp.control.stats()).requests).toEqual([])
})

test('random requests never end with an untyped error', async () => {
  const app: ConfidentialClient = await oidc.create()
  await fc.assert(
    fc.asyncProperty(fc.anything(), fc.anything(), fc.anything(), async (a, scopes, resource) => {
      for (const request of [a, { scopes, resource }, { scopes: [scopes], resource }])
        await app.acquireTokenForApp(request as never).catch((error) => {
          expect(error.code).toEqual(expect.any(String))
          expect(error.hint).toEqual(expect.any(String))
        })
    }),
    { numRuns: 200 },
  )
})
