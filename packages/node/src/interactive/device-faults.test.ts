import { startIdentityProvider } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPublicClient } from '../client/create-public-client.ts'
import { startDeviceProvider, TOOL } from '../testing/device-provider.ts'

const scopes = ['calendar.read']
let idp: Awaited<ReturnType<typeof startIdentityProvider>>
let provider: Awaited<ReturnType<typeof startDeviceProvider>>
beforeAll(async () => {
  idp = await startIdentityProvider({
    clients: [{ clientId: TOOL, redirectUris: ['http://127.0.0.1/'], isNative: true }],
  })
  provider = await startDeviceProvider()
})
beforeEach(() => idp.control.reset())
afterAll(async () => {
  provider.close()
  await idp.close()
})

const html = { 'content-type': 'text/html' }
const faults: readonly (readonly [string, object, string])[] = [
  ['a slow body', { kind: 'drip', bytesPerSecond: 1 }, 'timeout'],
  ['no answer', { kind: 'hang' }, 'timeout'],
  ['a broken connection', { kind: 'reset' }, 'network_error'],
  ['a redirect', { kind: 'redirect', location: 'https://evil.example/' }, 'intermediary_answered'],
  ['500', { kind: 'respond', status: 500 }, 'server_error'],
  ['429', { kind: 'respond', status: 429 }, 'server_error'],
  [
    'a page',
    { kind: 'respond', status: 200, headers: html, body: '<html>' },
    'intermediary_answered',
  ],
  ['no fields', { kind: 'respond', status: 200, body: '{}' }, 'invalid_response'],
]
test.each(faults)('%s of the device endpoint gives one typed error', async (_what, fault, code) => {
  const app = await createPublicClient({
    clientId: TOOL,
    authority: idp.issuer,
    // Nothing else may be slow here, so the other cases have time.
    requestTimeoutMs: code === 'timeout' ? 200 : 10_000,
    metadata: {
      issuer: idp.issuer,
      authorization_endpoint: `${idp.issuer}/auth`,
      token_endpoint: `${idp.issuer}/token`,
      device_authorization_endpoint: `${idp.issuer}/device/auth`,
    },
  })
  await idp.control.addFault({ endpoint: 'device_authorization', fault: fault as never })
  const shown: unknown[] = []
  const failed = app.acquireTokenByDeviceCode({ scopes, onCode: (one) => void shown.push(one) })
  await expect(failed).rejects.toMatchObject({ code, hint: expect.any(String) })
  expect(shown).toEqual([])
  await idp.control.clearFaults()
})

test('a clock that is a day wrong disturbs neither the sign-in nor the cache', async () => {
  const day = 86_400_000
  await Promise.all(
    [-day, day].map(async (offsetMs) => {
      const app = await createPublicClient({
        clientId: TOOL,
        authority: provider.issuer,
        clock: { now: () => Date.now() + offsetMs },
      })
      const first = await app.acquireTokenByDeviceCode({
        scopes,
        onCode: ({ userCode }) => provider.decide(userCode, 'alice'),
      })
      const second = await app.acquireTokenSilent({ scopes })
      expect([second.fromCache, second.accessToken]).toEqual([true, first.accessToken])
    }),
  )
})
