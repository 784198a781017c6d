import { expect, oidcStory as story } from '../../oidc-world.ts'

const LOCAL = { scope: 'openid profile calendar.read', storage: 'local' }

story('Concurrent renewals redeem the refresh token once, over all tabs', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.signsIn(LOCAL)
    const tabs = [side, await side.anotherTab(), await side.anotherTab()]
    for (const tab of tabs.slice(1)) await tab.starts(LOCAL)
    await side.idp.control.changeSettings({ latencyMs: { token: 300 } })
    await side.idp.control.resetStats()
    const both = 'Promise.allSettled([manager.signinSilent(), manager.signinSilent()])'
    const renewed = await Promise.all(
      tabs.map((tab) => tab.sees(`${both}.then((all) => all.map(({ status }) => status))`)),
    )
    const { tokenGrants } = await side.idp.control.stats()
    return {
      isRenewed: JSON.stringify(renewed).match(/fulfilled/g)?.length === 6,
      redemptions: tokenGrants.refresh_token,
    }
  })
  expect(seen.carnet).toEqual({ isRenewed: true, redemptions: 1 })
  // The original loses the session: it redeems a rotated token again.
  expect(seen.original).toMatchObject({ isRenewed: false })
})

story(
  'Automatic renewal survives an outage, and follows a sign-out of another tab',
  async ({ sides }) => {
    // There is enough time between the first attempt and the expiry, on a slow machine too.
    const settings = { ...LOCAL, accessTokenExpiringNotificationTimeInSeconds: 300 }
    const seen = await sides(async (side) => {
      const { idp, page, library } = side
      await idp.control.changeSettings({ accessTokenLifetime: 600 })
      await page.clock.install()
      await side.signsIn(settings)
      let isOut = true
      await page.route(`${idp.issuer}/token`, (route) =>
        isOut ? route.abort('connectionrefused') : route.continue(),
      )
      // Timers begin when the network has answered. So time moves on until their event has come.
      const names = async (rest = false) => {
        if (!rest) await page.clock.runFor(2_000)
        return (await side.events()).map((event) => (event as unknown[])[0])
      }
      await page.clock.runFor(299_000)
      await expect.poll(names).toContain('accessTokenExpiring')
      if (library === 'original') return names()
      isOut = false
      const known = ['userLoaded', 'accessTokenExpiring', 'userLoaded']
      await expect.poll(names, { timeout: 15_000 }).toEqual(known)
      const tab = await side.anotherTab()
      await tab.starts(settings)
      await tab.sees('manager.removeUser()')
      const ended = [...known, 'userSignedOut', 'userUnloaded']
      await expect.poll(() => names(true)).toEqual(ended)
      return ended
    })
    expect(seen.carnet).toContain('userSignedOut')
    expect(seen.original).toContain('silentRenewError')
  },
)

story('The users of oidc-client-ts stay signed in when the app switches', async ({ sides }) => {
  const settings = { scope: 'openid email', loadUserInfo: true }
  const seen = await sides(async (side) => {
    if (side.library === 'original') return undefined
    const before = await side.otherLibrary()
    const known = await before.signsIn(settings, { state: null })
    const entry = await before.page.evaluate(() => {
      const key = Object.keys(sessionStorage).find((name) => name.startsWith('oidc.user:')) ?? ''
      return [key, sessionStorage.getItem(key) ?? ''] as const
    })
    await side.page.evaluate(([key, value]) => sessionStorage.setItem(key, value), entry)
    await side.starts(settings)
    const user = await side.sees('manager.getUser()')
    expect(user).toEqual(known)
    await side.idp.control.resetStats()
    const renewed = await side.sees('manager.signinSilent()')
    const { tokenGrants } = await side.idp.control.stats()
    const left = await side.page.evaluate((key) => sessionStorage.getItem(key), entry[0])
    return { isRenewed: JSON.stringify(renewed).includes('"hasToken":true'), tokenGrants, left }
  })
  expect(seen.carnet).toMatchObject({
    ...{ isRenewed: true, tokenGrants: { refresh_token: 1 }, left: null },
  })
})
