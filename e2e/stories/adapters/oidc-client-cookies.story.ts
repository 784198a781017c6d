import { expect, expectSame, oidcStory as story } from '../../oidc-world.ts'

story.use({ cookies: 'allowed' })

story('With its cookies, the provider answers in a hidden iframe', async ({ sides }) => {
  const seen = await sides(async (side) => {
    const { idp, page } = side
    await idp.control.changeSettings({ refreshTokens: 'never' })
    await side.signsIn({ scope: 'openid profile calendar.read' })
    // From now on, only the session at the provider can answer.
    await idp.control.changeSettings({ signInAs: null })
    const renewed = await side.sees('manager.signinSilent({ state: { from: "frame" } })')
    const signedOut = await side.sees('manager.signoutSilent()')
    const nobody = await side.sees('manager.getUser()')
    const ended = await side.sees('manager.signinSilent()')
    const frames = await page.locator('iframe').count()
    // Carnet finds the answer of a hidden sign-out by a `state`.
    const requests = side.requests().map(({ to, parameters: { state, ...others } }) => {
      return { to, parameters: to === '/session/end' ? others : { state, ...others } }
    })
    return { renewed, signedOut, nobody, ended, frames, requests, events: await side.events() }
  })
  expectSame(seen)
  expect(seen.carnet).toMatchObject({
    renewed: { answer: { hasToken: true, state: { from: 'frame' } } },
    ...{ signedOut: { answer: null }, nobody: { answer: null }, frames: 0 },
    ended: { error: { code: 'login_required' } },
  })
})

story(
  'Another user at the provider answers only if the app allows it @thorough',
  async ({ sides }) => {
    const scope = 'openid profile calendar.read'
    const sub = (call: string) => `manager.${call}().then((user) => user.profile.sub)`
    const seen = await sides(async (side) => {
      const { context, idp, page } = side
      const outcomes: unknown[] = []
      await idp.control.changeSettings({ refreshTokens: 'never' })
      for (const settings of [{ scope }, { scope, validateSubOnSilentRenew: false }]) {
        await idp.control.changeSettings({ signInAs: 'alice' })
        await context.clearCookies()
        await page.goto(side.url)
        await side.signsIn(settings)
        // In another tab, the session at the provider becomes the session of another user.
        await idp.control.changeSettings({ signInAs: 'bob' })
        await context.clearCookies()
        const tab = await side.anotherTab()
        await tab.signsIn({ scope: 'openid' })
        await tab.page.close()
        const renewed = await side.sees(sub('signinSilent'))
        outcomes.push(renewed, await side.sees(sub('getUser')))
      }
      return outcomes
    })
    // Carnet names the user in its request, so the provider itself refuses the other user.
    const refused = { error: { name: 'ErrorResponse', code: 'login_required' } }
    const outcomes = [refused, { answer: 'alice' }, { answer: 'bob' }, { answer: 'bob' }]
    for (const one of [seen.original, seen.carnet]) expect(one).toMatchObject(outcomes)
  },
)
