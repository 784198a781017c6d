import type { App } from '../../steps/app.ts'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'
import { signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const accounts = ({ page }: App) => page.evaluate(() => window.auth.accounts.length)

/** Clicks twice on sign-out. The second click follows when the first sign-out has begun. */
const clicksTwice = ({ page }: App, request: object) =>
  page.evaluate(async (asked) => {
    const click = () =>
      window.auth.signOut(asked).then(
        () => 'ok',
        (error) => window.seen(error).code,
      )
    const first = click()
    await new Promise((resolve) => setTimeout(resolve, 50))
    return Promise.all([first, click()])
  }, request)

for (const request of [{}, { revoke: true }])
  story(
    `A double click signs out in one popup: ${JSON.stringify(request)}`,
    async ({ app, context }) => {
      await app.isSignedIn()
      let windows = 0
      context.on('page', () => {
        windows += 1
      })
      expect(await clicksTwice(app, { interaction: 'popup', ...request })).toEqual(['ok', 'ok'])
      expect(windows).toBe(1)
      expect((await app.requests()).end_session).toBe(1)
      expect(await accounts(app)).toBe(0)
    },
  )

story(
  'A double click on a sign-out by redirect navigates once, and neither call settles',
  async ({ app }) => {
    await app.isSignedIn()
    const ended: string[] = []
    await app.page.exposeFunction('tells', (what: string) => void ended.push(what))
    await app.page.evaluate(() => {
      const click = () =>
        void window.auth.signOut().finally(() => Reflect.get(window, 'tells')('ended'))
      click()
      setTimeout(click, 20)
    })
    await app.hasReloaded()
    expect((await app.starts()).answer?.username).toBeUndefined()
    expect((await app.requests()).end_session).toBe(1)
    expect(ended).toEqual([])
  },
)

story('A sign-out waits for the popup of a sign-in', async ({ app, context }) => {
  await app.isSignedIn()
  const signingIn = await app.opensPopupBy('signIn', {
    interaction: 'popup',
    prompt: 'select_account',
  })
  await expect(signingIn.popup.getByRole('button', { name: 'Use another account' })).toBeVisible()
  const account = await app.page.evaluate(() => window.auth.activeAccount)
  const signingOut = app.calls('signOut', { interaction: 'popup', account })
  expect(context.pages()).toHaveLength(2)
  expect(await accounts(app)).toBe(1)

  await signingIn.popup.getByRole('button', { name: 'Use another account' }).click()
  const opening = app.page.waitForEvent('popup')
  await signInAtProvider(signingIn.popup, 'Bob Brown')
  expect((await signingIn.outcome).answer?.uniqueId).toBe('bob')
  const leaving = await opening
  // The provider has a session of Bob now, so it asks before the sign-out.
  await expect(leaving.getByRole('button', { name: 'Sign out' })).toBeVisible()
  await waitsAtHumanPace(app.page)
  await leaving.close()
  expect((await signingOut).error).toBeUndefined()
  expect(await app.page.evaluate(() => window.auth.activeAccount?.homeAccountId)).toBe('bob')
})

story(
  'A sign-out with a blocked popup has no effect; the next click signs out',
  async ({ app }) => {
    await app.isSignedIn()
    const failed = await app.page.evaluate(async () => {
      const { open } = window
      window.open = () => null
      const error = await window.auth.signOut({ interaction: 'popup' }).catch(window.seen)
      window.open = open
      return error
    })
    expect(failed).toMatchObject({ code: 'popup_blocked' })
    expect(await accounts(app)).toBe(1)
    const { outcome } = await app.opensPopupBy('signOut', { interaction: 'popup' })
    expect((await outcome).error).toBeUndefined()
    expect(await accounts(app)).toBe(0)
  },
)

story('The user closes the sign-out popup before it navigates', async ({ app }) => {
  await app.isSignedIn()
  await app.idp.control.addFault({ endpoint: 'end_session', fault: { kind: 'hang' } })
  const { popup, outcome } = await app.opensPopupBy('signOut', { interaction: 'popup' })
  await expect.poll(() => accounts(app)).toBe(0)
  await popup.close()
  expect((await outcome).error).toBeUndefined()
})
