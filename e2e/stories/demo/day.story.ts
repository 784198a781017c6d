import type { Page } from '@playwright/test'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

const HOUR_MS = 3_600_000

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

story(
  'Alice signs in, reads her calendar, returns, stays signed in, and signs out',
  async ({ page, world }) => {
    const { idp, demoUrl } = world
    await idp.control.reset()
    await page.goto(`${demoUrl}#/calendar`)
    await button(page, 'Sign in').first().click()
    await signInAtProvider(page, 'Alice Adams')
    await allowAtProvider(page)
    await expect(page.getByRole('banner')).toContainText('Alice Adams')
    expect(page.url()).toBe(`${demoUrl}#/calendar`)

    await button(page, 'Show my calendar').click()
    await allowAtProvider(page)
    await expect(section(page, 'Calendar').getByRole('listitem').first()).toBeVisible()
    await expect(section(page, 'Tokens')).toContainText('calendar.read')

    await idp.control.resetStats()
    await page.reload()
    await expect(page.getByRole('banner')).toContainText('Alice Adams')
    await button(page, 'Show my calendar').click()
    await expect(section(page, 'Calendar').getByRole('listitem').first()).toBeVisible()
    await expect(section(page, 'Tokens')).toContainText('from cache')
    expect((await idp.control.stats()).counts).toMatchObject({
      discovery: 0,
      authorization: 0,
      token: 0,
      calendar: 1,
    })

    await page.clock.setFixedTime(Date.now() + HOUR_MS)
    await button(page, 'Show my calendar').click()
    await expect(section(page, 'Tokens')).toContainText('from refresh')
    expect((await idp.control.stats()).tokenGrants.refresh_token).toBe(1)

    await button(page, 'Sign out').click()
    await expect(button(page, 'Sign in').first()).toBeVisible()
    // The page shows the notice before it navigates to the provider.
    const endings = async () => (await idp.control.stats()).counts.end_session
    await expect.poll(endings).toBe(1)
  },
)

story(
  'Alice cancels at the provider, and the demo shows a polite notice',
  async ({ page, world }) => {
    await world.idp.control.reset()
    await page.goto(world.demoUrl)
    await button(page, 'Sign in').first().click()
    await button(page, 'Cancel').click()
    await expect(page.getByRole('status').filter({ hasText: 'access_denied' })).toBeVisible()
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect(button(page, 'Sign in').first()).toBeEnabled()
  },
)

story('The demo works by keyboard only', async ({ page, world }) => {
  await world.idp.control.reset()
  await page.goto(world.demoUrl)
  const signIn = button(page, 'Sign in').first()
  await expect(signIn).toBeVisible()
  for (let steps = 0; steps < 15; steps++) {
    if (await signIn.evaluate((element) => element === document.activeElement)) break
    await page.keyboard.press('Tab')
  }
  await expect(signIn).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Username or email')).toBeVisible()
  await page.getByLabel('Username or email').fill('bob')
  await page.getByLabel('Password').fill('password')
  await page.keyboard.press('Enter')
  await button(page, 'Allow').press('Enter')
  await expect(page.getByRole('banner')).toContainText('Bob Brown')
})
