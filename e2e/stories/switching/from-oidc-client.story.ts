import { type App, anotherTab } from '../../steps/app.ts'
import { migrates, signsInWithOidcClient, storedKeys } from '../../steps/earlier.ts'
import { expect, story } from '../../world.ts'

const scopes = ['calendar.read']
const optionsOf = ({ idp }: App) => ({ clientId: 'spa', authority: idp.issuer })

/** Signs in with the earlier library, and loads the app after its switch. */
async function switches(
  { page, world, idp }: App,
  { version = '3.5.0', place = 'localStorage' as 'localStorage' | 'sessionStorage' } = {},
): Promise<void> {
  await idp.control.changeSettings({ consent: 'skip', signInAs: 'alice' })
  await signsInWithOidcClient(page, world.bareUrl, { version, place, authority: idp.issuer })
  await page.goto(world.bareUrl)
}

for (const version of ['2.4.1', '3.5.0'])
  for (const place of ['localStorage', 'sessionStorage'] as const)
    story(
      `A user of oidc-client-ts ${version} in ${place} is signed in with Carnet`,
      async ({ app }) => {
        await switches(app, { version, place })
        const report = await migrates(app.page, 'oidc-client', optionsOf(app))
        const moved = { wasActive: true, accessTokens: 1, hasRefreshToken: true }
        expect(report).toMatchObject({ moved: [moved], skipped: [] })
        expect(report.moved[0]?.user).toMatchObject({ profile: { sub: 'alice' } })
        expect(await storedKeys(app.page, /^oidc\./)).toEqual([])

        await app.idp.control.resetStats()
        expect((await app.starts()).answer?.username).toBe('alice@example.com')
        expect((await app.asks(scopes)).answer?.fromCache).toBe(true)
        expect(await app.requests()).toMatchObject({ token: 0, authorization: 0, discovery: 0 })
        expect((await app.asks(scopes, { forceRefresh: true })).answer?.fromCache).toBe(false)
        expect(await app.requests()).toMatchObject({ token: 1, refresh_token: 1 })
      },
    )

story(
  'If the provider is down at the switch, the next page load tries again; then a worker renews',
  async ({ app }) => {
    await switches(app)
    const fault = { kind: 'respond', status: 503 } as const
    await app.idp.control.addFault({ endpoint: 'discovery', count: 99, fault })
    const failed = await migrates(app.page, 'oidc-client', optionsOf(app))
    expect(failed).toMatchObject({ moved: [], skipped: [expect.stringMatching(/^failed/)] })
    expect(await storedKeys(app.page, /^oidc\.user/)).toHaveLength(1)

    await app.idp.control.clearFaults()
    const cache = { location: 'session' } as const
    const report = await migrates(app.page, 'oidc-client', { ...optionsOf(app), cache })
    expect(report.moved).toHaveLength(1)
    await app.starts({ tokens: 'worker', cache })
    expect((await app.asks(scopes, { forceRefresh: true })).answer?.fromCache).toBe(false)
  },
)

story('An ID token of another issuer is refused, and it is not read again', async ({ app }) => {
  await switches(app)
  await app.page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('oidc.user')) ?? ''
    const user = JSON.parse(localStorage.getItem(key) ?? '')
    const claims = { iss: 'https://evil.example', sub: 'alice', aud: 'spa' }
    localStorage.setItem(
      key,
      JSON.stringify({ ...user, id_token: `e30.${btoa(JSON.stringify(claims))}.x` }),
    )
  })
  const refused = await migrates(app.page, 'oidc-client', optionsOf(app))
  expect(refused).toMatchObject({ moved: [], skipped: [expect.stringMatching(/^refused.*issuer/)] })
  const again = await migrates(app.page, 'oidc-client', optionsOf(app))
  expect(again).toEqual({ moved: [], skipped: [] })
  expect((await app.starts()).answer?.username).toBeUndefined()
})

story(
  'A switch that ended in between continues, and two tabs move the user once',
  async ({ app }) => {
    const { page, world } = app
    const named = { prefix: 'app.' }
    await switches(app)
    const kept = await page.evaluate(() => {
      const key = Object.keys(localStorage).find((name) => name.startsWith('oidc.user')) ?? ''
      const value = localStorage.getItem(key) ?? ''
      localStorage.removeItem(key)
      const ofApp = key.replace('oidc.', 'app.')
      // The entry of another client stays.
      for (const name of [ofApp, `${ofApp}-other`]) localStorage.setItem(name, value)
      const remove = Storage.prototype.removeItem
      Storage.prototype.removeItem = function (name) {
        if (name === ofApp) throw new Error('The page ends.')
        remove.call(this, name)
      }
      return `${ofApp}-other`
    })
    const interrupted = migrates(page, 'oidc-client', optionsOf(app), named)
    await expect(interrupted).rejects.toThrow('The page ends.')

    await page.goto(world.bareUrl)
    const tab = await anotherTab(app)
    const reports = await Promise.all(
      [page, tab.page].map((at) => migrates(at, 'oidc-client', optionsOf(app), named)),
    )
    expect(reports.map(({ moved }) => moved.length).sort()).toEqual([0, 1])
    expect(await storedKeys(page, /^app\./)).toEqual([kept])
    for (const one of [app, tab]) {
      expect((await one.starts()).answer?.username).toBe('alice@example.com')
      expect((await one.asks(scopes)).answer?.fromCache).toBe(true)
    }
  },
)
