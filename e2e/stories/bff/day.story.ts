import type { Page } from '@playwright/test'
import { bffStory, expect } from '../../bff-world.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'

const MINUTE_MS = 60_000

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const events = (page: Page) => section(page, 'Calendar').getByRole('listitem')
const isSignedIn = (page: Page) => expect(page.getByRole('banner')).toContainText('Alice Adams')
const hasEnded = (page: Page) =>
  expect(page.getByRole('status').filter({ hasText: 'Your session has ended.' })).toBeVisible()

/** Collects the texts that the app sends to a page. */
function readAnswers(page: Page, origin: string) {
  const texts: Promise<string>[] = []
  page.on('response', (answer) => {
    if (!answer.url().startsWith(origin)) return
    const headers = answer.headersArray().then((all) => JSON.stringify(all))
    // A redirect has no body.
    texts.push(
      headers,
      answer.text().catch(() => ''),
    )
  })
  return async () => (await Promise.all(texts)).join('\n')
}

bffStory(
  'Alice spends a day with an app that keeps her tokens on its server',
  async ({ page, context, world }) => {
    const { idp, origin, otherOrigin, cookies, advance } = world
    await idp.control.reset()
    await idp.control.changeSettings({ accessTokenLifetime: 120 })
    const answers = readAnswers(page, origin)

    await bffStory.step('she signs in, and comes back to the deep link', async () => {
      await page.goto(`${origin}/#/mail`)
      await button(page, 'Sign in').click()
      await signInAtProvider(page, 'Alice Adams')
      await allowAtProvider(page, ['Read your mail'])
      await isSignedIn(page)
      expect(page.url()).toBe(`${origin}/#/mail`)
    })

    await bffStory.step(
      'she reads and changes her calendar; no token is in the browser',
      async () => {
        await button(page, 'Show my calendar').click()
        await expect(events(page)).toHaveCount(3)
        await button(page, 'Add a coffee break').click()
        await expect(events(page)).toHaveCount(4)
        await expect(section(page, 'What scripts can read here')).toContainText('Nothing: no token')
      },
    )

    await bffStory.step('she declined her mail, and allows it at the provider', async () => {
      await button(page, 'Show my mail').click()
      await expect(section(page, 'Mail')).toContainText('The provider must ask you first.')
      await button(page, 'Go to the provider').click()
      await allowAtProvider(page)
      await isSignedIn(page)
      await button(page, 'Show my mail').click()
      await expect(section(page, 'Mail').getByRole('listitem')).toHaveCount(3)
    })

    await bffStory.step('the server renews her token', async () => {
      await idp.control.resetStats()
      advance(5 * MINUTE_MS)
      await button(page, 'Show my calendar').click()
      await expect(events(page)).toHaveCount(4)
      expect((await idp.control.stats()).tokenGrants.refresh_token).toBe(1)
    })

    await bffStory.step(
      'another site forges calls with her cookie: the server refuses them',
      async () => {
        const attacker = await context.newPage()
        await attacker.goto(otherOrigin)
        for (const path of ['/api/calendar/events', '/logout']) {
          const refused = attacker.waitForResponse(`${origin}${path}`)
          const forged = { method: 'POST', mode: 'no-cors', credentials: 'include' } as const
          await attacker.evaluate(([url, init]) => fetch(url, init), [
            origin + path,
            forged,
          ] as const)
          expect((await refused).status()).toBe(403)
          expect(cookies.get(path)).toContain('session=')
        }
        await attacker.close()
        await button(page, 'Show my calendar').click()
        await expect(events(page)).toHaveCount(4)
      },
    )

    const seen = await answers()
    const { accessTokens, refreshTokens } = await idp.control.issued()
    expect(accessTokens.length).toBeGreaterThan(2)
    for (const token of [...accessTokens, ...refreshTokens]) expect(seen).not.toContain(token)
  },
)

bffStory(
  'A session ends by a sign-out in another tab, by the provider, and by time',
  async ({ page, context, world }) => {
    const { idp, origin, advance } = world
    await idp.control.reset()
    await idp.control.changeSettings({ consent: 'skip' })
    const signsIn = async () => {
      await button(page, 'Sign in').click()
      await signInAtProvider(page, 'Alice Adams')
      await isSignedIn(page)
    }
    await page.goto(origin)
    await signsIn()

    await bffStory.step('she signs out in another tab', async () => {
      const tab = await context.newPage()
      await tab.goto(origin)
      await isSignedIn(tab)
      await button(tab, 'Sign out').click()
      await expect(button(tab, 'Sign in')).toBeVisible()
      await hasEnded(page)
      await tab.close()
    })

    await bffStory.step('the provider ends her session by its back channel', async () => {
      await signsIn()
      const tab = await context.newPage()
      await tab.goto(`${idp.issuer}/session/end`)
      await button(tab, 'Sign out').click()
      await expect(tab.getByRole('heading', { name: 'signed out' })).toBeVisible()
      await tab.close()
      await button(page, 'Show my calendar').click()
      await hasEnded(page)
    })

    await bffStory.step('her session expires without use', async () => {
      await signsIn()
      // A request on the way would show the end of the session before she presses the button.
      await page.waitForLoadState('networkidle')
      advance(31 * MINUTE_MS)
      await button(page, 'Show my calendar').click()
      await hasEnded(page)
      await expect(button(page, 'Sign in')).toBeVisible()
    })
  },
)

bffStory('Alice cancels at the provider, and the app says so', async ({ page, world }) => {
  await page.goto(world.origin)
  await button(page, 'Sign in').click()
  await button(page, 'Cancel').click()
  await expect(page.getByRole('status').filter({ hasText: 'access_denied' })).toBeVisible()
  expect(page.url()).toBe(`${world.origin}/`)
  await page.getByRole('link', { name: 'In the browser' }).click()
  await expect(page.getByRole('heading', { name: 'Tokens by the booklet' })).toBeVisible()
})
