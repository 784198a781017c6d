import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { expect, test } from 'vitest'
import { setBrowserCookie } from './entra/authorization/browser-cookie.ts'
import { startIdentityProvider } from './provider/identity-provider.ts'
import { spa } from './testing/browser.ts'

const authorization = new URLSearchParams({
  client_id: spa.clientId,
  response_type: 'code',
  redirect_uri: spa.redirectUris[0],
  scope: 'openid',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  nonce: 'some-nonce',
})

async function cookiesOf(url: string): Promise<string[]> {
  const sent = request(url, { rejectUnauthorized: false })
  const [response] = (await once(sent.end(), 'response')) as [IncomingMessage]
  return response.resume().headers['set-cookie'] ?? []
}

test('over TLS each cookie of the provider is set once, with Secure', async () => {
  const idp = await startIdentityProvider({ tls: true, clients: [spa] })
  const cookies = await cookiesOf(`${idp.issuer}/auth?${authorization}`)
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) expect(cookie).toMatch(/; samesite=none; secure; httponly/i)
  await idp.close()
})

test('over TLS the cookie of the Entra-like provider is set once, with Secure', () => {
  const cookies = (origin: string) => setBrowserCookie({ origin }, 'some-id')['Set-Cookie']
  const cookie = 'idp_browser_4400=some-id; Path=/; HttpOnly; SameSite=None'
  expect(cookies('https://127.0.0.1:4400')).toEqual([`${cookie}; Secure`])
  expect(cookies('http://127.0.0.1:4400')).toEqual([`${cookie}; Secure`, cookie])
})
