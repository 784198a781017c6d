import type { Page } from '@playwright/test'
import { waitsAtHumanPace } from '../../steps/human-pace.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story, type World } from '../../world.ts'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const banner = (page: Page) => page.getByRole('banner')

/** Presses a button, and returns the popup. */
async function opensBy(page: Page, name: string): Promise<Page> {
  const opening = page.waitForEvent('popup')
  await button(page, name).first().click()
  return opening
}

/** Alice chooses popups, and signs in by popup. */
async function aliceSignsIn(page: Page, { idp, demoUrl }: World): Promise<void> {
  await idp.control.reset()
  await page.goto(demoUrl)
  await page.getByLabel('Popup').check()
  const popup = await opensBy(page, 'Sign in')
  await signInAtProvider(popup, 'Alice Adams')
  await allowAtProvider(popup)
  await expect(banner(page)).toContainText('Alice Adams')
  await expect.poll(() => popup.isClosed()).toBe(true)
}

async function bobJoins(page: Page): Promise<void> {
  const popup = await opensBy(page, 'Use another account')
  await button(popup, 'Use another account').click()
  await signInAtProvider(popup, 'Bob Brown')
  await allowAtProvider(popup)
  await expect(banner(page)).toContainText('Bob Brown')
}

story('In the demo, two users sign in by popup, and switch', async ({ page, world }) => {
  await aliceSignsIn(page, world)
  await bobJoins(page)
  const accounts = section(page, 'Accounts').getByRole('listitem')
  await expect(accounts).toHaveCount(2)

  await button(page, 'Switch to Alice Adams').click()
  await expect(banner(page)).toContainText('Alice Adams')
  await page.reload()
  await expect(banner(page)).toContainText('Alice Adams')
  await expect(page.getByLabel('Popup')).toBeChecked()

  await button(page, 'Remove Bob Brown').click()
  await expect(accounts).toHaveCount(1)
})

story('In the demo, sign-in, consent and sign-out work by popup', async ({ page, world }) => {
  await aliceSignsIn(page, world)
  const popup = await opensBy(page, 'Show my calendar')
  await allowAtProvider(popup)
  await expect(section(page, 'Calendar').getByRole('listitem').first()).toBeVisible()
  const leaving = await opensBy(page, 'Sign out')
  await expect(button(page, 'Sign in').first()).toBeVisible()
  await expect.poll(() => leaving.isClosed()).toBe(true)
})

story(
  'In the demo, a user who closes the popup sees a notice, and can try again',
  async ({ page, world }) => {
    await world.idp.control.reset()
    await page.goto(world.demoUrl)
    await page.getByLabel('Popup').check()
    const popup = await opensBy(page, 'Sign in')
    await expect(popup.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()
    await waitsAtHumanPace(page)
    await popup.close()
    await expect(page.getByRole('main')).toContainText('user_cancelled')

    const again = await opensBy(page, 'Sign in')
    await signInAtProvider(again, 'Alice Adams')
    await allowAtProvider(again)
    await expect(banner(page)).toContainText('Alice Adams')
  },
)
