import type { IncomingHttpHeaders } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { serve } from '../testing/device-provider.ts'
import { createTestClock } from '../testing/service.ts'
import { managedIdentity } from './managed-identity.ts'

type Answer = readonly [number, object | string]

const servers: { close(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})
const hourLater = () => String(Math.floor(Date.now() / 1000) + 3600)
const good = (): Answer => [200, { access_token: 'token-of-machine', expires_on: hourLater() }]

/** A fake of the documented endpoints: it gives the answers in order, the last one for ever. */
async function fake(...answers: readonly Answer[]) {
  const seen: { readonly url: URL; readonly headers: IncomingHttpHeaders }[] = []
  const server = await serve((message, response) => {
    const [status, body] = answers[Math.min(seen.length, answers.length - 1)] ?? good()
    seen.push({ url: new URL(message.url ?? '', 'http://localhost'), headers: message.headers })
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  servers.push(server)
  const imds: typeof fetch = (input, init) =>
    fetch(String(input).replace('http://169.254.169.254', server.url), init)
  const env = { IDENTITY_ENDPOINT: `${server.url}/msi/token`, IDENTITY_HEADER: 'secret-header' }
  return { seen, imds: { fetch: imds, env: {}, retryMs: 1 }, appService: { env, retryMs: 1 } }
}

const resource = 'https://vault.azure.net'

test('IMDS: a GET with the header, without a secret, and one request for all callers', async () => {
  const { seen, imds } = await fake(good())
  const identity = managedIdentity({ ...imds, clientId: 'user-assigned' })
  const all = await Promise.all([1, 2, 3].map(() => identity.acquireToken({ resource })))
  expect(all[0]?.accessToken).toBe('token-of-machine')
  expect(seen.length).toBe(1)
  expect(seen[0]?.headers.metadata).toBe('true')
  expect(Object.fromEntries(seen[0]?.url.searchParams ?? [])).toEqual({
    'api-version': '2018-02-01',
    resource,
    client_id: 'user-assigned',
  })
  await identity.acquireToken({ resource: 'https://other.example' })
  expect(seen.length).toBe(2)
})

test('App Service: the endpoint and the header of the environment', async () => {
  const { seen, appService } = await fake(good())
  await managedIdentity({ ...appService, resourceId: '/r' }).acquireToken({ resource })
  expect(seen[0]?.headers['x-identity-header']).toBe('secret-header')
  expect(seen[0]?.url.pathname).toBe('/msi/token')
  expect(Object.fromEntries(seen[0]?.url.searchParams ?? [])).toEqual({
    'api-version': '2019-08-01',
    resource,
    mi_res_id: '/r',
  })
})

test.each([404, 410, 429, 500, 503])('IMDS: %d passes by itself', async (status) => {
  const { seen, imds } = await fake([status, {}], [status, {}], good())
  await managedIdentity(imds).acquireToken({ resource })
  expect(seen.length).toBe(3)
})

test.each<Answer>([
  [400, { error: 'invalid_request' }],
  [403, {}],
  [200, {}],
  [200, '<html>'],
  [200, { access_token: 'x' }],
  [302, {}],
])('%d %j is no token, and is not asked again', async (status, body) => {
  const { seen, imds } = await fake([status, body])
  const failed = managedIdentity(imds).acquireToken({ resource })
  await expect(failed).rejects.toMatchObject({ code: 'credential_unusable' })
  expect(seen.length).toBe(1)
})

test('IMDS: an update (410) may take seven pauses, other failures three', async () => {
  const updating = await fake(...Array.from({ length: 7 }, (): Answer => [410, {}]), good())
  await managedIdentity(updating.imds).acquireToken({ resource })
  expect(updating.seen.length).toBe(8)
  for (const [status, requests] of [
    [410, 8],
    [404, 4],
    [500, 4],
  ] as const) {
    const { seen, imds } = await fake([status, '<html>'])
    const failed = managedIdentity(imds).acquireToken({ resource })
    await expect(failed).rejects.toMatchObject({ code: 'credential_unusable' })
    expect(seen.length).toBe(requests)
  }
})

/** A fake that gives one token, and then does not finish its answers. */
async function silent(how: 'no answer' | 'a slow body' | 'a broken connection') {
  let requests = 0
  const server = await serve((message, response) => {
    requests += 1
    if (requests === 1) return response.end(JSON.stringify(good()[1]))
    if (how === 'a broken connection') return message.socket.destroy()
    if (how === 'a slow body') response.write('{')
  })
  servers.push(server)
  const env = { IDENTITY_ENDPOINT: `${server.url}/msi/token`, IDENTITY_HEADER: 'h' }
  const identity = managedIdentity({ env, retryMs: 1, requestTimeoutMs: 100 })
  await identity.acquireToken({ resource: 'https://first.example' })
  return { identity, requests: () => requests }
}

test.each(['no answer', 'a slow body', 'a broken connection'] as const)(
  '%s: four attempts, then one typed error',
  async (how) => {
    const { identity, requests } = await silent(how)
    await expect(identity.acquireToken({ resource })).rejects.toMatchObject({
      code: 'credential_unusable',
      hint: expect.any(String),
    })
    expect(requests()).toBe(5)
  },
)

test('an abort ends the waiting of one caller, and the others get the token', async () => {
  const { seen, imds } = await fake([503, {}], good())
  const identity = managedIdentity({ ...imds, retryMs: 50 })
  const stop = new AbortController()
  const aborted = identity.acquireToken({ resource, signal: stop.signal })
  const other = identity.acquireToken({ resource })
  stop.abort()
  await expect(aborted).rejects.toMatchObject({ code: 'aborted' })
  expect((await other).accessToken).toBe('token-of-machine')
  expect(seen.length).toBe(2)
})

test.each([-24, 24])(
  'a clock that is %d hours wrong keeps a token for its lifetime',
  async (hours) => {
    const { seen, imds } = await fake(good())
    const clock = createTestClock()
    clock.advance(hours * 3_600_000)
    const identity = managedIdentity({ ...imds, clock })
    const { expiresOn } = await identity.acquireToken({ resource })
    expect(Math.abs(expiresOn.getTime() - clock.now() - 3_600_000)).toBeLessThan(60_000)
    await identity.acquireToken({ resource })
    expect(seen.length).toBe(1)
    clock.advance(3_600_000)
    await identity.acquireToken({ resource })
    expect(seen.length).toBe(2)
  },
)

test('a machine without identity fails after one probe', async () => {
  const closed = { fetch: () => Promise.reject(new TypeError('unreachable')), env: {}, retryMs: 1 }
  await expect(managedIdentity(closed as never).acquireToken({ resource })).rejects.toMatchObject({
    code: 'credential_unusable',
  })
})

test('a token is renewed five minutes before its end', async () => {
  const { seen, imds } = await fake(good())
  let offsetMs = 0
  const clock = { now: () => Date.now() + offsetMs }
  const identity = managedIdentity({ ...imds, clock })
  await identity.acquireToken({ resource })
  offsetMs = 54 * 60_000
  await identity.acquireToken({ resource })
  expect(seen.length).toBe(1)
  offsetMs = 56 * 60_000
  await identity.acquireToken({ resource })
  expect(seen.length).toBe(2)
})

test('as a credential, its token is the assertion of the app', async () => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jwt = `${part({ alg: 'RS256' })}.${part({ exp: 4_000_000_000 })}.signature`
  const { seen, imds } = await fake([200, { access_token: jwt, expires_on: hourLater() }])
  const credential = managedIdentity(imds)
  const body = new URLSearchParams()
  const request = { body, headers: new Headers(), nowMs: Date.now() }
  await credential.authenticate(request as never)
  expect(body.get('client_assertion')).toBe(jwt)
  expect(seen[0]?.url.searchParams.get('resource')).toBe('api://AzureADTokenExchange')
  credential.refused?.()
  await credential.authenticate(request as never)
  expect(seen.length).toBe(2)
})

test('two ids are no option', () => {
  expect(() => managedIdentity({ clientId: 'a', objectId: 'b' })).toThrow(
    expect.objectContaining({ code: 'invalid_options' }),
  )
})
