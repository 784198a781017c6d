import type { Page } from '@playwright/test'
import { type EntraWorld, expect, entraStory as story } from '../../entra-world.ts'
import { withBoth } from '../../steps/both-libraries.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'

/** The visible text of the app, and the requests to the provider so far. */
async function seen(page: Page, { idp }: EntraWorld): Promise<object> {
  const { counts, tokenGrants } = await idp.control.stats()
  return {
    text: await page.locator('#root').textContent(),
    path: new URL(page.url()).pathname.replace(/msal-\w+/, ''),
    sent: { authorization: counts.authorization, endSession: counts.end_session, ...tokenGrants },
  }
}

const saysReady = (page: Page, text: string) =>
  expect(page.locator('p[role=status]')).toHaveText(text, { timeout: 15_000 })

/** A day with the app: by redirect, from the cache, from the network, a reload, a sign-out, and by popup. */
async function aDay(page: Page, world: EntraWorld, library: string): Promise<object[]> {
  const { idp, bareUrl } = world
  await idp.control.reset()
  const day: object[] = []
  const note = async () => day.push(await seen(page, world))
  const url = `${bareUrl}msal-${library}/react.html`
  await page.goto(`${url}?authority=${encodeURIComponent(idp.authority('home'))}`)
  await saysReady(page, '0 accounts')
  await note()

  await page.getByRole('button', { name: 'Sign in by redirect' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await saysReady(page, '1 accounts')
  await note()

  await page.getByRole('button', { name: 'Get a token' }).click()
  await expect(page.locator('output')).toHaveText('true cache')
  await page.getByRole('button', { name: 'Get a new token' }).click()
  await expect(page.locator('output')).toHaveText('true network')
  await note()

  await page.reload()
  await saysReady(page, '1 accounts')
  await note()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await saysReady(page, '0 accounts')
  await note()

  const opening = page.waitForEvent('popup')
  await page.getByRole('button', { name: 'Sign in by popup' }).click()
  const popup = await opening
  await signInAtProvider(popup, 'Alice Adams')
  await saysReady(page, '1 accounts')
  await note()
  return day
}

story('A user of the original is still signed in after the switch', async ({ page, world }) => {
  story.setTimeout(60_000) // A sign-in with one library, and a page of the other.
  const { idp, bareUrl } = world
  await idp.control.reset()
  const authority = `?authority=${encodeURIComponent(idp.authority('home'))}`
  await page.goto(`${bareUrl}msal-original/react.html${authority}`)
  await saysReady(page, '0 accounts')
  await page.getByRole('button', { name: 'Sign in by redirect' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await saysReady(page, '1 accounts')

  await page.goto(`${bareUrl}msal-carnet/react.html`)
  await saysReady(page, '1 accounts')
  await page.getByRole('button', { name: 'Get a token' }).click()
  await expect(page.locator('output')).toHaveText('true cache')
  await page.getByRole('button', { name: 'Get a new token' }).click()
  await expect(page.locator('output')).toHaveText('true network')
  expect((await idp.control.stats()).counts.authorization).toBe(1)
})

story('An app of msal-react shows and sends the same on Carnet', async ({ browser, world }) => {
  story.setTimeout(90_000) // Two days, each with several page loads.
  const days = await withBoth(browser, (page, library) => aDay(page, world, library))
  expect(days.carnet).toEqual(days.original)
  expect(days.original).toHaveLength(6)
})
