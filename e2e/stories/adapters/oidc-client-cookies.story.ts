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
