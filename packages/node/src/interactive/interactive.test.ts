import { request as send } from 'node:http'
import { startEntraProvider, startIdentityProvider } from '@carnet/idp'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createPublicClient } from '../client/create-public-client.ts'
import { createTestClock } from '../testing/service.ts'
import { createAgent } from '../testing/web-app.ts'

const TOOL = 'tool'
const scopes = ['calendar.read']
const settings = { consent: 'skip', signInAs: 'alice' } as const
const tool = (redirectUri: string) => ({
  clientId: TOOL,
  redirectUris: [redirectUri],
  isNative: true,
})
let idp: Awaited<ReturnType<typeof startIdentityProvider>>
let entra: Awaited<ReturnType<typeof startEntraProvider>>
beforeAll(async () => {
  ;[idp, entra] = await Promise.all([
    startIdentityProvider({ settings, clients: [tool('http://127.0.0.1/callback')] }),
    startEntraProvider({ settings: { consent: 'skip' }, clients: [tool('http://localhost')] }),
  ])
})
beforeEach(() => idp.control.reset())
afterAll(() => Promise.all([idp.close(), entra.close()]))

const create = (more = {}) => createPublicClient({ clientId: TOOL, authority: idp.issuer, ...more })

/** The browser of the user: it signs in, and opens the response. It keeps the last page. */
function browser(origin: string, change: (url: string) => string = (url) => url) {
  const pages: string[] = []
  const done: Promise<void>[] = []
  return {
    pages,
    done,
    open(url: string): void {
      const visit = async () => {
        const back = change(await createAgent({ origin }).authorize(url))
        pages.push(await (await fetch(back)).text())
      }
      done.push(visit())
    },
  }
}

test('a user signs in by the browser, stays signed in, and signs out', async () => {
  const clock = createTestClock()
  const app = await create({ clock })
  const { open, pages, done } = browser(idp.issuer)
  const result = await app.acquireTokenInteractive({ scopes, openBrowser: open })
  await Promise.all(done)
  expect(result).toMatchObject({ fromCache: false, account: { username: 'alice@example.com' } })
  expect(pages).toEqual([expect.stringContaining('You are signed in.')])
  const held = await app.acquireTokenSilent({ scopes })
  expect([held.fromCache, held.accessToken]).toEqual([true, result.accessToken])
  clock.advance(2 * 3_600_000)
  expect((await app.acquireTokenSilent({ scopes })).fromCache).toBe(false)
  const [account] = await app.accounts()
  if (account) await app.signOut(account)
  await expect(app.acquireTokenSilent({ scopes })).rejects.toMatchObject({ code: 'no_account' })
})

test('on Entra, the response arrives at `localhost` with any port', async () => {
  const app = await create({ authority: entra.authority('home'), authorityProfile: 'entra' })
  const { open } = browser(entra.origin)
  const seen: string[] = []
  const { account } = await app.acquireTokenInteractive({
    scopes: ['User.Read'],
    openBrowser(url) {
      seen.push(new URL(url).searchParams.get('redirect_uri') ?? '')
      open(url)
    },
  })
  expect(account?.username).toContain('alice')
  expect(seen).toEqual([expect.stringMatching(/^http:\/\/localhost:\d+$/)])
})

test('only the response of this sign-in ends the wait, whatever else calls the port', async () => {
  const app = await create()
  const statuses: (number | undefined)[] = []
  const { account } = await app.acquireTokenInteractive({
    scopes,
    async openBrowser(url) {
      const sent = new URL(url).searchParams
      const redirectUri = sent.get('redirect_uri') ?? ''
      const state = sent.get('state') ?? ''
      const attempts: readonly (readonly [string, string, object])[] = [
        ['GET', '/callback?code=x&state=other', {}],
        ['GET', '/callback?code=x', {}],
        ['GET', `/?code=x&state=${state}`, {}],
        ['GET', `/callback?code=x&state=${state}&state=${state}`, {}],
        ['GET', `/callback?code=x&state=${state}`, { host: 'attacker.example' }],
        ['POST', `/callback?code=x&state=${state}`, {}],
      ]
      for (const [method, path, headers] of attempts)
        statuses.push(await statusOf(redirectUri, method, path, headers))
      browser(idp.issuer).open(url)
    },
  })
  expect(statuses).toEqual(Array(6).fill(404))
  expect(account?.username).toBe('alice@example.com')
})

function statusOf(base: string, method: string, path: string, headers: object) {
  return new Promise<number | undefined>((resolve, reject) => {
    const { hostname, port } = new URL(base)
    const sent = send({ hostname, port, method, path, headers: { ...headers } }, (answer) => {
      answer.resume()
      resolve(answer.statusCode)
    })
    sent.on('error', reject)
    sent.end()
  })
}

test('a refusal, a wrong issuer and a wrong ID token reject, and the page says so', async () => {
  const app = await create()
  const refused = browser(idp.issuer, (url) => url.replace(/code=[^&]+/, 'error=access_denied'))
  const mixed = browser(idp.issuer, (url) => url.replace(/iss=[^&]+/, 'iss=https://other.example'))
  for (const [{ open, pages, done }, code] of [
    [refused, 'access_denied'],
    [mixed, 'issuer_identification_failed'],
  ] as const) {
    await expect(app.acquireTokenInteractive({ scopes, openBrowser: open })).rejects.toMatchObject({
      code,
    })
    await Promise.all(done)
    expect(pages).toEqual([expect.stringContaining('The sign-in failed.')])
  }
  await idp.control.addFault({
    endpoint: 'token',
    fault: { kind: 'idToken', claims: {}, signer: 'stranger' },
  })
  await expect(
    app.acquireTokenInteractive({ scopes, openBrowser: browser(idp.issuer).open }),
  ).rejects.toMatchObject({ code: 'invalid_id_token' })
  expect(await app.accounts()).toEqual([])
})

test('an abort, the end of the time and a missing browser end the wait, and free the port', async () => {
  const app = await create()
  const abort = new AbortController()
  let redirectUri = ''
  const aborted = app.acquireTokenInteractive({
    scopes,
    signal: abort.signal,
    openBrowser(url) {
      redirectUri = new URL(url).searchParams.get('redirect_uri') ?? ''
      abort.abort()
    },
  })
  await expect(aborted).rejects.toMatchObject({ code: 'aborted' })
  await expect(fetch(redirectUri)).rejects.toThrow()
  const late = app.acquireTokenInteractive({ scopes, timeoutMs: 20, openBrowser: () => undefined })
  await expect(late).rejects.toMatchObject({ code: 'sign_in_timeout' })
  const broken = app.acquireTokenInteractive({
    scopes,
    openBrowser: () => Promise.reject(new Error('no display')),
  })
  await expect(broken).rejects.toMatchObject({ code: 'browser_unavailable' })
})

test.each([
  [{ redirectUri: 'https://127.0.0.1/callback' }],
  [{ redirectUri: 'http://192.168.0.1/callback' }],
  [{ redirectUri: 'http://127.0.0.1.evil.example/' }],
  [{ redirectUri: 'http://127.0.0.1/callback?a=1' }],
  [{ openBrowser: 'firefox' }],
  [{ timeoutMs: 0 }],
  [{ scopes: undefined }],
])('%o is refused', async (wrong) => {
  const app = await create()
  const request = { scopes, openBrowser: () => undefined, ...wrong }
  await expect(app.acquireTokenInteractive(request as never)).rejects.toMatchObject({
    code: 'invalid_request',
  })
})
