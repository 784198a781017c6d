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
    const seen = await sides(async (side) => {
      await side.idp.control.changeSettings({ accessTokenLifetime: 120 })
      await side.page.clock.install()
      await side.signsIn(LOCAL)
      const last = { original: 'accessTokenExpiring', carnet: 'userUnloaded' }
      const fault = { kind: 'reset' } as const
      await side.idp.control.addFault({ endpoint: 'token', count: 2, fault })
      await side.page.clock.runFor(70_000)
      const names = async () => (await side.events()).map((event) => (event as unknown[])[0])
      for (let round = 0; round < 20 && (await names()).length < 3; round++) {
        await side.page.clock.runFor(5_000)
        await side.sees('manager.getUser().then(() => undefined)')
      }
      const tab = await side.anotherTab()
      await tab.starts(LOCAL)
      await tab.sees('manager.removeUser()')
      await expect.poll(async () => (await names()).at(-1)).toBe(last[side.library])
      return names()
    })
    const carnet = seen.carnet as string[]
    expect(carnet).not.toContain('silentRenewError')
    expect(carnet.filter((name) => name === 'userLoaded').length).toBeGreaterThan(1)
    expect(carnet.slice(-2)).toEqual(['userSignedOut', 'userUnloaded'])
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
