import { createFakeProvider, jsonResponse } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import { createAuthClient } from '../startup/create-auth-client.ts'
import { seedSession } from '../testing/seed-session.ts'

const clientId = 'spa'
const scopes = ['read']

/** A provider that rotates refresh tokens, refuses every token at its userinfo endpoint, and tabs of one cache. */
async function setUp() {
  const cache = { name: `test-${crypto.randomUUID()}` }
  const provider = createFakeProvider({ now: Date.now })
  // The response lists its scopes: otherwise only the earlier grant counts.
  provider.onToken = (asked) =>
    jsonResponse(provider.tokens({ scope: asked.get('scope') ?? 'openid read' }))
  const authority = provider.issuer
  const userinfo = `${authority}/userinfo`
  provider.onDiscovery = () => jsonResponse({ ...provider.metadata, userinfo_endpoint: userinfo })
  const refused = () =>
    new Response('', {
      status: 401,
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
  // The refresh token is for the scopes of the tokens that came with it.
  const session = { account: { sub: 'alice' }, tokens: [{ scopes, expiresIn: -1 }] }
  await seedSession({ clientId, authority, cache, ...session, refreshToken: 's3cret-refresh-0' })
  const openTab = () =>
    createAuthClient({
      clientId,
      authority,
      cache,
      silent: { iframe: false },
      renewal: { enabled: false },
      fetch: async (input, init) => {
        const request = new Request(input, init)
        return request.url === userinfo ? refused() : provider.respond(request)
      },
    })
  const redeemed = () => provider.tokenRequests.map((body) => body.get('refresh_token'))
  return { openTab, redeemed }
}

test.each<[string, (auth: AuthClient) => Promise<unknown>]>([
  ['acquireTokenSilent', (auth) => auth.acquireTokenSilent({ scopes, forceRefresh: true })],
  [
    'acquireToken',
    (auth) => auth.acquireToken({ scopes, forceRefresh: true, interaction: 'none' }),
  ],
  [
    'acquireTokens',
    (auth) => auth.acquireTokens({ scopes, forceRefresh: true, interaction: 'none' }),
  ],
  ['userInfo', (auth) => auth.userInfo()],
])('whenever the client closes, the refresh token that %s rotates is kept', async (_name, call) => {
  for (let steps = 0; steps <= 4; steps++) {
    const { openTab, redeemed } = await setUp()
    const tab = await openTab()
    await tab.acquireTokenSilent({ scopes })
    const calling = call(tab).catch(() => undefined)
    for (let step = 0; step < steps; step++) await Promise.resolve()
    tab.close()
    await calling
    const next = await openTab()
    await next.acquireTokenSilent({ scopes, forceRefresh: true })
    next.close()
    // No refresh token is sent twice: the next client has the tokens of the last client.
    expect([...new Set(redeemed())]).toEqual(redeemed())
  }
})
