import type { Page } from '@playwright/test'
import { expect, type Side, oidcStory as story } from '../../oidc-world.ts'

/** The texts that the user sees. */
const texts = (page: Page) => page.locator('#root').textContent()

const click = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click()

/** Waits until the page shows a text, and returns all its texts. */
async function shows(page: Page, text: string): Promise<string | null> {
  await expect(page.locator('#root')).toContainText(text)
  return texts(page)
}

async function dayOf({ page, url, context, idp, requests }: Side) {
  await page.goto(`${url}react.html`)
  const start = await shows(page, 'Signed out')
  await click(page, 'Sign in')
  const signedIn = await shows(page, 'Hello Alice Adams')
  const address = page.url().replace(url, '<app>/')
  await click(page, 'Renew')
  const renewed = await shows(page, 'Last action: done')
  await page.reload()
  const reloaded = await shows(page, 'Hello Alice Adams')
  await click(page, 'Forget me')
  const forgotten = await shows(page, 'Signed out')
  await click(page, 'Sign in with a popup')
  const byPopup = await shows(page, 'Hello Alice Adams')
  await expect.poll(() => context.pages().length).toBe(1)
  await idp.control.revokeRefreshTokens({})
  await click(page, 'Renew')
  const failed = await shows(page, 'grant request is invalid')
  await click(page, 'Sign out')
  const signedOut = await shows(page, 'Signed out')
  return {
    ...{ start, signedIn, address, renewed, reloaded, forgotten, byPopup, failed, signedOut },
    requests: requests(),
  }
}

story(
  'An app with react-oidc-context shows and sends the same with both libraries',
  async ({ sides }) => {
    const seen = await sides(dayOf)
    expect(seen.carnet).toEqual(seen.original)
  },
)
