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
  let release = () => {}
  const released = new Promise<void>((resolve) => (release = resolve))
  await app.page.route(`${app.idp.issuer}/.well-known/openid-configuration`, async (route) => {
    await released
    await route.continue()
  })
  await app.starts()
  const seen = await app.page.evaluate(() =>
    window.auth.ssoSilent({ signal: AbortSignal.timeout(100) }).catch(window.seen),
  )
  // The call did not wait for the metadata, because they are not released yet.
  expect(seen).toMatchObject({ code: 'aborted' })
  release()
  await app.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)))
  expect(await app.page.locator('iframe').count()).toBe(0)
  expect((await app.requests()).authorization ?? 0).toBe(0)
})
