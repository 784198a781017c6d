import { expect, expectSame, oidcStory as story } from '../../oidc-world.ts'

const SCOPE = 'openid profile email calendar.read'

story(
  'A silent sign-in renews with the refresh token, and keeps the user if it fails',
  async ({ sides }) => {
    const seen = await sides(async (side) => {
      await side.signsIn({ scope: SCOPE })
      const renewed = await side.sees('manager.signinSilent()')
      await side.idp.control.addFault({ endpoint: 'token', fault: { kind: 'reset' } })
      const unreachable = await side.sees('manager.signinSilent()')
      await side.idp.control.clearFaults()
      await side.idp.control.revokeRefreshTokens({})
      const failed = await side.sees('manager.signinSilent()')
      const kept = await side.sees('manager.getUser()')
      const { tokenGrants } = await side.idp.control.stats()
      return { renewed, unreachable, failed, kept, tokenGrants, events: await side.events() }
    })
    expectSame(seen)
  },
)

story('Without a refresh token, a silent sign-in uses a hidden iframe', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.idp.control.changeSettings({ refreshTokens: 'never' })
    await side.starts()
    await side.idp.control.changeSettings({ signInAs: null })
    const nobody = await side.sees('manager.signinSilent({ state: 1 })')
    await side.idp.control.changeSettings({ signInAs: 'alice' })
    await side.signsIn({ scope: SCOPE })
    const renewed = await side.sees('manager.signinSilent({ state: { from: "frame" } })')
    return { nobody, renewed, events: await side.events(), requests: side.requests() }
  })
  expectSame(seen)
})

story('The events of a token that expires come in the same order', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.idp.control.changeSettings({ accessTokenLifetime: 120, refreshTokens: 'never' })
    await side.page.clock.install()
    const settings = { scope: SCOPE, automaticSilentRenew: false }
    await side.signsIn(settings)
    await side.page.clock.runFor(70_000)
    const early = await side.events()
    await side.page.clock.runFor(70_000)
    const expired = await side.sees('manager.getUser()')
    return { early, expired, events: await side.events() }
  })
  expectSame(seen)
})

story('Automatic renewal renews a token that nobody used', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.idp.control.changeSettings({ accessTokenLifetime: 120 })
    await side.page.clock.install()
    await side.signsIn({ scope: SCOPE })
    await side.page.clock.runFor(70_000)
    await expect.poll(async () => (await side.events()).length).toBe(3)
    const { tokenGrants } = await side.idp.control.stats()
    return { events: await side.events(), tokenGrants }
  })
  expectSame(seen)
})
