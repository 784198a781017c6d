import type { Page } from '@playwright/test'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story, type World } from '../../world.ts'

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const panel = (page: Page) => page.getByRole('region', { name: 'Call an API', exact: true })

/** Presses the button of a challenge, and waits for the answer of the API. */
async function calls(page: Page, name: string, ...texts: readonly string[]): Promise<void> {
  await button(page, name).click()
  for (const text of texts) await expect(panel(page)).toContainText(text)
}

/** Signs Alice in, and gets her consent to the calendar. */
async function opensCalendar(page: Page, { idp, demoUrl }: World): Promise<void> {
  await idp.control.reset()
  await page.goto(demoUrl)
  await button(page, 'Sign in').first().click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await page.getByLabel('Popup').check()
  const consenting = page.waitForEvent('popup')
  await button(page, 'Show my calendar').click()
  await allowAtProvider(await consenting)
  const events = page.getByRole('region', { name: 'Calendar' }).getByRole('listitem')
  await expect(events.first()).toBeVisible()
}

story('Alice calls APIs that send each kind of challenge', async ({ page, world }) => {
  await opensCalendar(page, world)
  await calls(page, 'New condition', 'claims: retry', '200', 'Bearer')

  await button(page, 'Missing permission').click()
  const granting = page.waitForEvent('popup')
  await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click()
  await allowAtProvider(await granting)
  await expect(panel(page)).toContainText('scope: retry')

  await button(page, 'Confirm that it is you').click()
  await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click()
  await expect(panel(page)).toContainText('user_cancelled')

  // A new client gets bound tokens for the same session. The provider never sees the nonce of its API.
  await page.getByLabel('Bind tokens to this browser').check()
  await calls(page, 'Proof with a nonce', 'dpop_nonce: retry', 'DPoP', '200')

  await button(page, 'Order with a redirect').click()
  await page.getByRole('button', { name: 'Approve' }).click()
  await expect(panel(page)).toContainText('Your order continued after the redirect.')
  await expect(panel(page)).toContainText('mfa')
  await calls(page, 'Confirm that it is you', 'none', '200')
})

story('Two calls that need Alice at once ask her one after the other', async ({ page, world }) => {
  await opensCalendar(page, world)
  const labels = ['Missing permission', 'Confirm that it is you']
  // The dialog of the first call may already cover the second button.
  for (const label of labels)
    await button(page, label).evaluate((element: HTMLElement) => element.click())

  const dialog = page.getByRole('dialog')
  const refuse = dialog.getByRole('button', { name: 'Not now' })
  const reason = dialog.getByRole('paragraph').first()
  const first = (await reason.textContent()) ?? ''
  await refuse.click()
  await expect(reason).not.toHaveText(first)
  await refuse.click()
  await expect(dialog).toBeHidden()
  for (const label of labels)
    await expect(button(page, label)).not.toHaveAttribute('aria-busy', 'true')
  await expect(panel(page)).toContainText('user_cancelled')
})
