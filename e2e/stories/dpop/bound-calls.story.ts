import { createHash } from 'node:crypto'
import { aliceWithApis, callsApi } from '../../steps/apis/api-calls.ts'
import { keysInDatabase, losesItsKeys } from '../../steps/apis/bound-calls.ts'
import { type App, anotherTab } from '../../steps/app.ts'
import { ROUNDS } from '../../steps/survival.ts'
import { expect, story } from '../../world.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
/** In the rounds of `npm run soak`, each tab calls more often. */
const CALLS = ROUNDS > 1 ? 200 : 50
const bound = { dpop: true, silent: { iframe: false } } as const

story(
  'Calls of APIs carry proofs, with the body, and answer the demand for a nonce',
  async ({ app }) => {
    await app.idp.control.changeSettings({ apiNonces: 'required' })
    await aliceWithApis(app, bound)
    const sent = await callsApi(app, '/api/echo?x=1', { method: 'POST', body: 'hello' })
    expect(sent).toMatchObject({
      status: 200,
      body: { scheme: 'DPoP', dpop: true, sub: 'alice', sha256: sha256('hello') },
    })
    const other = await anotherTab(app)
    await other.starts({ ...bound, renewal: { enabled: false }, resources: apis(app) })
    await callsApi(app, '/api/echo')
    expect((await callsApi(other, '/api/echo')).status).toBe(200)
    expect(await app.requests()).toMatchObject({ token: 0 })
  },
)

const apis = ({ idp }: App) => ({ [`${idp.issuer}/api/`]: ['calendar.read'] })

story('An API whose clock is ten minutes off gets a proof of its own time', async ({ app }) => {
  await aliceWithApis(app, bound)
  for (const apiClockOffset of [600, -600]) {
    // The header `Date` is how a script learns the clock of another origin.
    await app.idp.control.changeSettings({
      apiClockOffset,
      exposedHeaders: 'WWW-Authenticate, DPoP-Nonce, Date',
    })
    expect((await callsApi(app, '/api/echo')).body).toMatchObject({ scheme: 'DPoP' })
  }
  await app.idp.control.changeSettings({ apiClockOffset: 1200, exposedHeaders: 'WWW-Authenticate' })
  expect((await callsApi(app, '/api/echo')).error).toMatchObject({ code: 'dpop_refused' })
})

story(
  'Hidden nonces, hidden challenges and refused preflights of an API have clear outcomes',
  async ({ app }) => {
    await aliceWithApis(app, bound)
    await app.idp.control.changeSettings({
      apiNonces: 'required',
      exposedHeaders: 'WWW-Authenticate',
    })
    expect((await callsApi(app, '/api/echo')).error).toMatchObject({
      code: 'dpop_nonce_unreadable',
    })
    await app.idp.control.changeSettings({ apiNonces: 'off', refusedRequestHeaders: ['dpop'] })
    // The browser remembers the preflight of a URL that was called before.
    const refused = await callsApi(app, '/api/echo?other')
    // A refused preflight is a network error of `fetch`, for every library.
    expect(refused.error).toMatchObject({ name: 'not ours' })
  },
)

story('A redirect within the API gets a new proof for its own address', async ({ app }) => {
  await aliceWithApis(app, bound)
  for (const status of [302, 307, 308]) {
    const sent = await callsApi(app, `/api/redirect/${status}?to=same`)
    expect(sent).toMatchObject({ status: 200, body: { scheme: 'DPoP', dpop: true } })
  }
})

story(
  'A lost key is the reason of a call, and a sign-out ends calls that are being signed',
  async ({ app }) => {
    await aliceWithApis(app, bound)
    const outcomes = await app.page.evaluate(async (url) => {
      const calls = Array.from({ length: 20 }, () =>
        window.auth.fetch(url).then(
          ({ status }) => `${status}`,
          (error) => window.seen(error).code,
        ),
      )
      await window.auth.signOut({ interaction: 'none' })
      calls.push(window.auth.fetch(url).then(String, (error) => window.seen(error).code))
      return Promise.all(calls)
    }, `${app.idp.issuer}/api/echo`)
    for (const outcome of outcomes)
      expect(['200', 'interaction_required', 'no_account', 'account_not_found']).toContain(outcome)
    expect(outcomes.at(-1)).not.toBe('200')
    expect(await keysInDatabase(app.page)).toEqual([])

    await app.idp.control.endSessions()
    await aliceWithApis(app, bound)
    await losesItsKeys(app.page)
    await app.page.reload()
    await app.starts({ ...bound, renewal: { enabled: false }, resources: apis(app) })
    const { error } = await callsApi(app, '/api/echo')
    expect(error).toMatchObject({ code: 'interaction_required', reason: 'key_lost' })
  },
)

story(
  'A reload in the middle of a bound refresh loses neither the answer nor the key',
  async ({ app }) => {
    await aliceWithApis(app, bound)
    await app.idp.control.changeSettings({ latencyMs: { token: 500 } })
    void app.asks(['calendar.read'], { forceRefresh: true }).catch(() => undefined)
    await expect.poll(async () => (await app.requests()).refresh_token).toBe(1)
    await app.page.reload()
    await app.starts({ ...bound, renewal: { enabled: false }, resources: apis(app) })
    const { answer } = await app.asks(['calendar.read'], { forceRefresh: true })
    expect(answer).toMatchObject({ tokenType: 'DPoP' })
    expect((await callsApi(app, '/api/echo')).body).toMatchObject({ scheme: 'DPoP', sub: 'alice' })
    expect((await app.idp.control.issued()).refreshTokens.length).toBeLessThanOrEqual(3)
  },
)

story.describe('A second client that signs in by a hidden iframe', () => {
  story.use({ cookies: 'allowed' })

  story(
    'Two clients of a page have different keys, and neither proves for the other',
    async ({ app }) => {
      await aliceWithApis(app, bound)
      const jkts = await app.page.evaluate(async (issuer) => {
        const second = await window.carnet.createAuthClient({
          clientId: 'spa',
          authority: window.authority,
          dpop: true,
          cache: { name: 'second' },
          renewal: { enabled: false },
          resources: { [`${issuer}/api/`]: ['calendar.read'] },
        })
        await second
          .ssoSilent({ scopes: ['calendar.read'], loginHint: 'alice@example.com' })
          .catch(() => undefined)
        const tokens = [window.auth, second].map(async (client) => {
          const { accessToken } = await client.acquireTokenSilent({ scopes: ['calendar.read'] })
          return JSON.parse(atob(accessToken.split('.')[1] ?? '')).cnf.jkt as string
        })
        const statuses = await Promise.all(
          [window.auth, second].map(
            async (client) => (await client.fetch(`${issuer}/api/echo`)).status,
          ),
        )
        second.close()
        return { jkts: await Promise.all(tokens), statuses }
      }, app.idp.issuer)
      expect(new Set(jkts.jkts).size).toBe(2)
      expect(jkts.statuses).toEqual([200, 200])
    },
  )
})

story(
  '6 tabs call under nonces of one second: nothing fails, and few requests are repeated',
  async ({ app }) => {
    story.setTimeout(30_000 + ROUNDS * 20_000)
    await app.idp.control.changeSettings({ apiNonces: 'required', nonceLifetime: 1 })
    await aliceWithApis(app, bound)
    const options = { ...bound, renewal: { enabled: false }, resources: apis(app) }
    const tabs = [app]
    for (let tab = 1; tab < 6; tab++) {
      const other = await anotherTab(app)
      await other.starts(options)
      tabs.push(other)
    }
    for (let round = 0; round < ROUNDS; round++) {
      await app.idp.control.resetStats()
      const failed = await Promise.all(tabs.map((tab) => callsMany(tab, CALLS)))
      expect(failed.flat()).toEqual([])
      const { api } = await app.requests()
      expect(api).toBeGreaterThanOrEqual(6 * CALLS)
      expect(api).toBeLessThanOrEqual(6 * CALLS * 1.1)
    }
  },
)

/** Calls an API again and again, two calls at once. Returns the failures. */
const callsMany = (tab: App, count: number) =>
  tab.page.evaluate(
    async ([url, most]) => {
      const failures: string[] = []
      let left = most
      const worker = async () => {
        while (left-- > 0) {
          const sent = window.auth.fetch(url).then(({ status }) => `${status}`)
          const outcome = await sent.catch((error) => `${window.seen(error).code} ${error}`)
          if (outcome !== '200') failures.push(outcome)
        }
      }
      await Promise.all(Array.from({ length: 2 }, worker))
      return failures
    },
    [`${tab.idp.issuer}/api/echo`, count] as const,
  )
