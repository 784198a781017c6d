import type { Page } from '@playwright/test'
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

/** The entry of the user, in whichever storage. */
const userEntry = (page: Page) =>
  page.evaluate(() => {
    for (const storage of [sessionStorage, localStorage])
      for (const key of Object.keys(storage))
        if (key.includes('user:')) return [key, storage.getItem(key) ?? ''] as const
    return undefined
  })

story('The users of oidc-client-ts stay signed in when the app switches', async ({ sides }) => {
  const seen = await sides(async (side) => {
    if (side.library === 'original') return undefined
    const outcomes = []
    const before = await side.otherLibrary()
    // In the storage of the tab, and in a store of the app's own.
    for (const storage of ['session', 'own']) {
      const settings = { scope: 'openid email', loadUserInfo: true, storage }
      const known = await before.signsIn(settings, { state: null })
      const entry = await userEntry(before.page)
      await before.sees('manager.removeUser()')
      await side.page.goto(side.url)
      await side.page.evaluate(
        ([place, [key, value] = ['', '']]) =>
          (place === 'own' ? localStorage : sessionStorage).setItem(key, value),
        [storage, entry] as const,
      )
      await side.starts(settings)
      const user = await side.sees('manager.getUser()')
      expect(user).toEqual(known)
      await side.idp.control.resetStats()
      const renewed = await side.sees('manager.signinSilent()')
      const { tokenGrants } = await side.idp.control.stats()
      const left = await userEntry(side.page)
      await side.sees('manager.removeUser()')
      const isRenewed = JSON.stringify(renewed).includes('"hasToken":true')
      outcomes.push({ isRenewed, redemptions: tokenGrants.refresh_token, left })
    }
    return outcomes
  })
  const moved = { isRenewed: true, redemptions: 1, left: undefined }
  expect(seen.carnet).toEqual([moved, moved])
})
