import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DeviceCode } from '../api/public-client.ts'
import { keyring, newSealKey } from '../cache/keyring.ts'
import { fileStore } from '../stores/file-store.ts'
import { serve, startDeviceProvider, TOOL } from '../testing/device-provider.ts'
import { createTestClock } from '../testing/service.ts'
import { createPublicClient } from './create-public-client.ts'

let provider: Awaited<ReturnType<typeof startDeviceProvider>>
const folder = mkdtempSync(join(tmpdir(), 'carnet-public-'))
beforeAll(async () => {
  provider = await startDeviceProvider()
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  provider.close()
})

const scopes = ['calendar.read']
const keys = keyring(newSealKey())
const create = (more = {}) =>
  createPublicClient({ clientId: TOOL, authority: provider.issuer, ...more })
const inFiles = () => ({ store: fileStore({ folder }), keys })

test('signs users in by a code, keeps them in files, and renews and signs out', async () => {
  const clock = createTestClock()
  const codes: DeviceCode[] = []
  const first = await create({ cache: inFiles(), clock })
  const signIn = (user: string) =>
    first.acquireTokenByDeviceCode({
      scopes,
      async onCode(code) {
        codes.push(code)
        await provider.decide(code.userCode, user)
      },
    })
  const [alice, bob] = await Promise.all([signIn('alice'), signIn('bob')])
  expect([alice.account?.username, bob.account?.username]).toEqual([
    'alice@example.com',
    'bob@example.com',
  ])
  const [code] = codes
  expect(code).toMatchObject({ verificationUri: `${provider.issuer}/device` })
  expect(code?.verificationUriComplete).toContain(code?.userCode)
  expect(code?.message).toContain(code?.userCode)

  // Another process, later.
  const second = await create({ cache: inFiles(), clock })
  const found = (await second.accounts()).map(({ username }) => username).sort()
  expect(found).toEqual(['alice@example.com', 'bob@example.com'])
  const account = alice.account ?? undefined
  const held = await second.acquireTokenSilent({ account, scopes })
  expect([held.fromCache, held.accessToken]).toEqual([true, alice.accessToken])
  await expect(second.acquireTokenSilent({ scopes })).rejects.toMatchObject({
    code: 'account_not_found',
  })
  for (const app of [second, first, second]) {
    clock.advance(590_000)
    const renewed = await app.acquireTokenSilent({ account, scopes })
    expect([renewed.fromCache, renewed.account?.username]).toEqual([false, 'alice@example.com'])
  }

  const text = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join()
  expect(text).not.toContain('alice')
  expect(text).not.toContain(alice.accessToken)

  if (account) await second.signOut(account)
  expect((await first.accounts()).map(({ username }) => username)).toEqual(['bob@example.com'])
  const left = await first.acquireTokenSilent({ scopes })
  expect(left.account?.username).toBe('bob@example.com')
  await expect(second.acquireTokenSilent({ account, scopes })).rejects.toMatchObject({
    code: 'account_not_found',
  })
}, 30_000)

test('a refusal of the user ends the flow, and a pause comes before the first request', async () => {
  const app = await create()
  const before = provider.tokenRequestsAtMs().length
  let shownAtMs = 0
  const call = app.acquireTokenByDeviceCode({
    scopes,
    async onCode({ userCode }) {
      shownAtMs = performance.now()
      await provider.decide(userCode, 'refuse')
    },
  })
  await expect(call).rejects.toMatchObject({ code: 'access_denied' })
  const [first = 0, ...others] = provider.tokenRequestsAtMs().slice(before)
  // The provider states no interval: five seconds (RFC 8628 section 3.2).
  expect(first - shownAtMs).toBeGreaterThan(4900)
  expect(others).toEqual([])
}, 20_000)

test('an abort ends the polling', async () => {
  const app = await create()
  const before = provider.tokenRequestsAtMs().length
  const stop = new AbortController()
  const call = app.acquireTokenByDeviceCode({
    scopes,
    signal: stop.signal,
    onCode: () => stop.abort(),
  })
  await expect(call).rejects.toMatchObject({ code: 'aborted' })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(provider.tokenRequestsAtMs().length).toBe(before)
})

test('without a sign-in there is no account', async () => {
  const app = await create()
  await expect(app.acquireTokenSilent({ scopes })).rejects.toMatchObject({ code: 'no_account' })
  await expect(
    app.acquireTokenByDeviceCode({ scopes, onCode: undefined as never }),
  ).rejects.toMatchObject({ code: 'invalid_request' })
})

describe('a device authorization endpoint that fails', () => {
  const failures: [string, { status: number; type: string; body: string }, string][] = [
    ['no JSON', { status: 200, type: 'application/json', body: 'text' }, 'invalid_response'],
    ['no code', { status: 200, type: 'application/json', body: '{}' }, 'invalid_response'],
    ['HTML', { status: 200, type: 'text/html', body: '<p>Hello' }, 'intermediary_answered'],
    ['status 502', { status: 502, type: 'text/html', body: '<p>Down' }, 'intermediary_answered'],
    ['status 500', { status: 500, type: 'text/plain', body: 'down' }, 'server_error'],
    ['status 429', { status: 429, type: 'text/plain', body: '' }, 'server_error'],
    [
      'unauthorized_client',
      { status: 400, type: 'application/json', body: '{"error":"unauthorized_client"}' },
      'token_request_failed',
    ],
  ]
  test.each(failures)('%s is a typed error', async (_name, { status, type, body }, code) => {
    const server = await serve((_request, response) => {
      response.writeHead(status, { 'content-type': type }).end(body)
    })
    try {
      const endpoint = { device_authorization_endpoint: `${server.url}/device` }
      const { url: issuer } = server
      const fixed = { authorization_endpoint: `${issuer}/a`, token_endpoint: `${issuer}/t` }
      const metadata = { issuer, ...fixed, ...endpoint }
      const app = await createPublicClient({ clientId: TOOL, authority: issuer, metadata })
      const shown: unknown[] = []
      const onCode = (shownCode: unknown) => void shown.push(shownCode)
      await expect(app.acquireTokenByDeviceCode({ scopes, onCode })).rejects.toMatchObject({ code })
      expect(shown).toEqual([])
    } finally {
      server.close()
    }
  })

  test('a server that does not answer, and a provider without the flow', async () => {
    const server = await serve(() => undefined)
    const { url: issuer } = server
    const metadata = {
      issuer,
      authorization_endpoint: `${issuer}/a`,
      token_endpoint: `${issuer}/t`,
    }
    const device = { device_authorization_endpoint: `${issuer}/device` }
    const options = { clientId: TOOL, authority: issuer, requestTimeoutMs: 100 }
    const onCode = () => undefined
    const slow = await createPublicClient({ ...options, metadata: { ...metadata, ...device } })
    await expect(slow.acquireTokenByDeviceCode({ scopes, onCode })).rejects.toMatchObject({
      code: 'timeout',
    })
    const without = await createPublicClient({ ...options, metadata })
    await expect(without.acquireTokenByDeviceCode({ scopes, onCode })).rejects.toMatchObject({
      code: 'unsupported_by_provider',
    })
    server.close()
  })
})
