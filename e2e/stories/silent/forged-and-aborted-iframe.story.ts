import { expect, story } from '../../world.ts'

for (const path of ['', 'callback.html'])
  story(`A forged response of a hidden frame does not stop the app: /${path}`, async ({ app }) => {
    await app.starts()
    // Anybody can compute the mark of a client; here it is read where the client leaves it.
    const asking = app.page.waitForRequest(/state=carnet-/)
    await app.leavesBy('signIn')
    const state = new URL((await asking).url()).searchParams.get('state') ?? ''
    const mark = state.slice(0, 'carnet-12345678-'.length)
    await expect(app.page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
    await app.page.goto(`${app.world.bareUrl}${path}#code=x&state=${mark}i.forged`)
    await expect(app.page.getByText('The app started here.')).toBeVisible()
  })

story('A signal ends the wait for a session at once, and no frame is left', async ({ app }) => {
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
