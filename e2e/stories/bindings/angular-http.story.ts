import type { Request } from '@playwright/test'
import type { HttpAnswer, HttpCall } from '../../app/src/angular-http.ts'
import { aliceWithApis } from '../../steps/apis/api-calls.ts'
import type { App } from '../../steps/app.ts'
import { expect, story } from '../../world.ts'

const MEGABYTES = 4 * 1024 * 1024

const sends = (app: App, call: HttpCall): Promise<HttpAnswer> =>
  app.page.evaluate((given) => window.http.send(given), call)

for (const [title, query] of [
  ['XMLHttpRequest without zones', ''],
  ['fetch and zone.js', '?fetch&zone'],
] as const) {
  story(`HttpClient over ${title} sends tokens and answers challenges`, async ({ app }) => {
    await aliceWithApis(app)
    const { control, issuer, otherOrigin } = app.idp
    const api = `${issuer}/api`
    await app.page.goto(new URL(`angular.html${query}`, app.world.bareUrl).href)
    await expect(app.page.getByText('signedIn alice@example.com')).toBeVisible()
    // A timer of the client in the zone of Angular would keep the app unstable.
    await app.page.evaluate(() => window.http.whenStable())

    // The events of an upload come, also if the API refuses the first request.
    await control.revokeAccessTokens()
    const uploaded = await sends(app, { url: `${api}/echo`, length: MEGABYTES })
    expect(uploaded).toMatchObject({ status: 200, body: { bytes: MEGABYTES, sub: 'alice' } })
    const progress = query ? [] : ['UploadProgress']
    expect(uploaded.events).toEqual(expect.arrayContaining([...progress, 'DownloadProgress']))
    expect((await app.requests()).token).toBe(1)

    // No other URL gets a token, and a header of the app stays.
    await sends(app, { url: `${otherOrigin}/elsewhere` })
    expect(await control.otherOrigin()).toMatchObject({ requests: 1, authorization: 0 })
    const open = await sends(app, { url: `${api}/public/echo` })
    expect(open).toMatchObject({ status: 200, body: { scheme: null } })
    const headers = { authorization: 'Bearer of-the-app' }
    expect(await sends(app, { url: `${api}/echo`, headers })).toMatchObject({ status: 401 })

    // A challenge that the user refuses rejects the call.
    const refused = sends(app, { url: `${api}/step-up` })
    await expect.poll(() => app.page.evaluate(() => window.challenges.length)).toBe(1)
    await app.page.evaluate(() => window.challenges[0]?.refuse())
    expect(await refused).toMatchObject({ code: 'user_cancelled' })

    // One challenge serves all calls.
    const calls = ['a', 'b', 'c'].map((name) => sends(app, { url: `${api}/step-up?${name}` }))
    await expect.poll(() => app.page.evaluate(() => window.challenges.length)).toBe(2)
    const opening = app.page.waitForEvent('popup')
    await app.page.evaluate(() => void window.challenges[1]?.resolve('popup'))
    await (await opening).getByRole('button', { name: 'Approve' }).click()
    for (const answer of await Promise.all(calls))
      expect(answer).toMatchObject({ status: 200, body: { acr: 'mfa' } })
    expect(await app.page.evaluate(() => window.challenges.length)).toBe(2)

    // An API that refuses every token gets four requests.
    const fault = { kind: 'respond', status: 401, headers: INVALID_TOKEN } as const
    await control.addFault({ endpoint: 'api', count: 50, fault })
    const before = (await app.requests()).api ?? 0
    expect(await sends(app, { url: `${api}/echo` })).toMatchObject({ status: 401 })
    expect((await app.requests()).api).toBeLessThanOrEqual(before + 4)
    await control.clearFaults()

    // A subscription that ends aborts its request.
    await control.addFault({ endpoint: 'api', count: 1, fault: { kind: 'hang' } })
    const isSlow = (request: Request) => request.url().endsWith('/api/echo?slow')
    const leaving = app.page.waitForEvent('request', isSlow)
    const failing = app.page.waitForEvent('requestfailed', isSlow)
    await app.page.exposeFunction('hasLeft', async () => void (await leaving))
    await app.page.evaluate(
      (url) => window.http.abandon({ url }, (window as never as Left).hasLeft()),
      `${api}/echo?slow`,
    )
    expect((await failing).failure()?.errorText).toBe('net::ERR_ABORTED')
  })
}

const INVALID_TOKEN = { 'www-authenticate': 'Bearer error="invalid_token"' }

interface Left {
  hasLeft(): Promise<void>
}
