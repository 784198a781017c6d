import { callsApi } from '../../steps/apis/api-calls.ts'
import { keysInDatabase } from '../../steps/apis/bound-calls.ts'
import { anotherTab } from '../../steps/app.ts'
import { seizeAll, seized } from '../../steps/hostile-script.ts'
import { keysInWorker, takesProof, watchesWorkers } from '../../steps/worker-keys.ts'
import { expect, story } from '../../world.ts'

const SCOPES = ['calendar.read']

/** The thumbprint of the key in an access token (RFC 9449 section 6.1). */
const jktOf = (accessToken = ''): string =>
  JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).cnf.jkt

story(
  'With the key in the worker, a script takes no key, no stored token and no proof for the token endpoint',
  async ({ app }) => {
    const options = keysInWorker(app)
    await seizeAll(app.page)
    await watchesWorkers(app)
    const { error } = await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    expect(error).toBeUndefined()
    expect((await callsApi(app, '/api/echo')).body).toMatchObject({ scheme: 'DPoP', dpop: true })
    const renewed = await app.asks(SCOPES, { forceRefresh: true })
    expect(renewed.answer).toMatchObject({ tokenType: 'DPoP', fromCache: false })

    const { accessTokens, refreshTokens } = await app.idp.control.issued()
    const accessToken = accessTokens.at(-1) ?? ''
    const { issuer } = app.idp
    const loot = await seized(app.page)
    expect(refreshTokens.filter((token) => loot.includes(token))).toEqual([])
    expect(loot).toContain(accessToken) // The script works.
    expect(await keysInDatabase(app.page)).toEqual([])
    const proven = loot.match(/[\w-]+\.[\w-]+\.[\w-]+/g) ?? []
    const places = proven.map((jwt) => `${Buffer.from(jwt.split('.')[1] ?? '', 'base64url')}`)
    expect(places.filter((claims) => claims.includes(`"htu":"${issuer}/token"`))).toEqual([])
    expect(places.some((claims) => claims.includes(`"htu":"${issuer}/api/echo"`))).toBe(true)

    const jkt = jktOf(accessToken)
    const request = { method: 'POST', accessToken, nonce: undefined }
    for (const place of ['/token', '/%74oken', '//token', '/Token/', '/api/../token', '/request'])
      expect(await takesProof(app, jkt, { ...request, url: issuer + place })).toMatchObject({
        type: 'key',
        isRefused: true,
      })
    const later = { ...request, url: `${issuer}/api/echo`, nowMs: Date.now() + 9e8, iat: 9e9 }
    const { claims } = await takesProof(app, jkt, later)
    expect(Math.abs((claims?.iat ?? 0) * 1000 - Date.now())).toBeLessThan(60_000)

    await app.calls('signOut', { interaction: 'none' })
    expect(await takesProof(app, jkt, later)).toEqual({ type: 'key' })
  },
)

story(
  'With the key in the worker, reloads and other tabs renew, and no access token is stored',
  async ({ app }) => {
    const options = { ...keysInWorker(app), silent: { iframe: false } }
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    const other = await anotherTab(app)
    await other.starts(options)
    await app.idp.control.resetStats()
    // The other tab has no access token of its own.
    expect((await callsApi(other, '/api/echo')).body).toMatchObject({ scheme: 'DPoP', dpop: true })
    expect((await app.requests()).refresh_token).toBe(1)
    await app.page.reload()
    await app.starts(options)
    expect((await callsApi(app, '/api/echo')).status).toBe(200)
    expect((await app.requests()).refresh_token).toBe(2)
    // The answer to a page that reloads meanwhile is not lost.
    await app.idp.control.changeSettings({ latencyMs: { token: 400 } })
    void app.asks(SCOPES, { forceRefresh: true }).catch(() => undefined)
    await expect.poll(async () => (await app.requests()).refresh_token).toBe(3)
    await app.page.reload()
    await app.starts(options)
    expect((await callsApi(app, '/api/echo')).status).toBe(200)
    expect(await app.page.evaluate(storedTokens)).toBe(0)
  },
)

/** Counts the stored access tokens. */
async function storedTokens(): Promise<number> {
  const database = await new Promise<IDBDatabase>((resolve) => {
    const opening = indexedDB.open('carnet')
    opening.onsuccess = () => resolve(opening.result)
  })
  const counting = database.transaction('accessTokens').objectStore('accessTokens').count()
  const count = await new Promise<number>((resolve) => {
    counting.onsuccess = () => resolve(counting.result)
  })
  database.close()
  return count
}

story('Popups and one-time nonces work with the key in the worker', async ({ app }) => {
  await app.idp.control.changeSettings({
    ...{ consent: 'skip', signInAs: 'alice' },
    ...{ authorizationServerNonces: 'once', apiNonces: 'once', burnsRefreshTokens: true },
  })
  await app.starts({ ...keysInWorker(app), silent: { iframe: false } })
  const { outcome } = await app.opensPopupBy('signIn', { interaction: 'popup', scopes: SCOPES })
  expect((await outcome).answer).toMatchObject({ uniqueId: 'alice', tokenType: 'DPoP' })
  for (let round = 0; round < 3; round++) {
    const renewals = [1, 2, 3].map(() => app.asks(SCOPES, { forceRefresh: true }))
    for (const { error } of await Promise.all(renewals)) expect(error).toBeUndefined()
    const calls = await Promise.all([1, 2, 3].map(() => callsApi(app, '/api/echo')))
    expect(calls.map(({ status }) => status)).toEqual([200, 200, 200])
  }
})

story('Without shared workers, each page has keys of its own', async ({ app }) => {
  const withoutSharedWorkers = () => void Reflect.deleteProperty(window, 'SharedWorker')
  const options = { ...keysInWorker(app), silent: { iframe: false } }
  await app.page.addInitScript(withoutSharedWorkers)
  await app.page.reload()
  await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
  const other = await anotherTab(app)
  await other.page.addInitScript(withoutSharedWorkers)
  await other.page.reload()
  await other.starts(options)
  // The other tab has no key, and takes nothing from this tab.
  expect((await other.asks(SCOPES)).error).toMatchObject({ code: 'interaction_required' })
  expect((await app.asks(SCOPES, { forceRefresh: true })).answer?.tokenType).toBe('DPoP')
  expect((await callsApi(app, '/api/echo')).body).toMatchObject({ scheme: 'DPoP', dpop: true })
})
