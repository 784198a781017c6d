import { expect, expectSame, oidcStory as story } from '../../oidc-world.ts'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'

const SCOPE = 'openid profile email calendar.read'

story('An app signs in and out with popups, and a user closes one', async ({ sides }) => {
  const seen = await sides(async (side) => {
    await side.starts({ scope: SCOPE })
    await side.sees('manager.getUser()')
    const user = await side.sees('manager.signinPopup({ state: { from: "popup" } })')
    const signedOut = await side.sees('manager.signoutPopup()')
    const nobody = await side.sees('manager.getUser()')
    await side.idp.control.changeSettings({ signInAs: null })
    const opening = side.context.waitForEvent('page')
    const refusing = side.sees('manager.signinPopup({ popupAbortOnClose: true })')
    const popup = await opening
    await popup.waitForURL(`${side.idp.issuer}/**`)
    await popup.getByRole('button').first().waitFor()
    await waitsAtHumanPace(side.page)
    await popup.close()
    const closed = await refusing
    return {
      ...{ user, signedOut, nobody, closed },
      stillOpen: side.context.pages().length,
      events: await side.events(),
      requests: side.requests(),
    }
  })
  expectSame(seen)
})

story('A popup has the name, the size and the end that the app wants', async ({ sides }) => {
  const args = {
    popupWindowTarget: 'sign-in',
    popupWindowFeatures: { width: 500, height: 400, closePopupWindowAfterInSeconds: 300 },
  }
  const seen = await sides(async (side) => {
    const { page, context, idp } = side
    await page.clock.install()
    await side.starts()
    await side.sees('manager.getUser()')
    await idp.control.changeSettings({ signInAs: null })
    const opening = context.waitForEvent('page')
    const calling = side.sees(`manager.signinPopup(${JSON.stringify(args)})`)
    const popup = await opening
    await popup.waitForURL(`${idp.issuer}/**`)
    const look = await popup.evaluate(() => [window.name, innerWidth, innerHeight])
    await page.clock.runFor(301_000)
    const late = await calling
    const pages = context.pages().length

    await idp.control.changeSettings({ signInAs: 'alice' })
    await page.evaluate(() => localStorage.setItem('keepOpen', 'yes'))
    const kept: unknown[] = []
    for (const call of ['signinPopup', 'signoutPopup']) {
      const keeping = context.waitForEvent('page')
      const seenByApp = await side.sees(`manager.${call}()`)
      const own = await keeping
      await expect(own).toHaveTitle('Passed')
      kept.push(seenByApp, own.isClosed() || new URL(own.url()).pathname)
      const closing = own.waitForEvent('close')
      await own.evaluate(() => window.close())
      await closing
    }
    return { look, late, pages, kept }
  })
  expectSame(seen)
  const kept = [{ answer: { isUser: true } }, '/callback.html', { answer: null }, '/callback.html']
  expect(seen.carnet).toMatchObject({ look: ['sign-in', 500, 400], pages: 1, kept })
})
