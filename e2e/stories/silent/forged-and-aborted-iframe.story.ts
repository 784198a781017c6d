import { expect, story } from '../../world.ts'

for (const path of ['', 'callback.html'])
  story(`A forged response of a hidden iframe does not stop the app: /${path}`, async ({ app }) => {
    await app.starts()
    // A client prefix is public. The story reads it from the authorization request.
    const asking = app.page.waitForRequest(/state=carnet-/)
    await app.leavesBy('signIn')
    const state = new URL((await asking).url()).searchParams.get('state') ?? ''
    const mark = state.slice(0, 'carnet-12345678-'.length)
    await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
    await app.page.goto(`${app.world.bareUrl}${path}#code=x&state=${mark}i.forged`)
    await expect(app.page.getByText('The app started here.')).toBeVisible()
  })

story('A signal aborts `ssoSilent` at once, and removes the iframe', async ({ app }) => {
  await app.page.route(`${app.idp.issuer}/.well-known/openid-configuration`, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700))
    await route.continue()
  })
  await app.starts()
  const { seen, afterMs } = await app.page.evaluate(async () => {
    const begun = performance.now()
    const signal = AbortSignal.timeout(100)
    const error = await window.auth.ssoSilent({ signal }).catch(window.seen)
    return { seen: error, afterMs: performance.now() - begun }
  })
  expect(seen).toMatchObject({ code: 'aborted' })
  expect(afterMs).toBeLessThan(600)
  await app.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)))
  expect(await app.page.locator('iframe').count()).toBe(0)
  expect((await app.requests()).authorization ?? 0).toBe(0)
})
