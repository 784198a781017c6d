import type { EntraProvider } from '@carnet/idp'
import { expect, type Page } from '@playwright/test'
import { allowAtProvider, signInAtProvider } from './provider-pages.ts'

/** The provider, and the server of the apps. */
interface World {
  readonly idp: EntraProvider
  readonly bareUrl: string
}

/** The visible text of the app, its address, and the requests to the provider so far. */
async function seen(page: Page, { idp }: World): Promise<object> {
  const { counts, tokenGrants } = await idp.control.stats()
  return {
    text: await page.locator('#root').textContent(),
    address: page.url().replace(/^.*msal-\w+|state=[^#]*/g, ''),
    sent: { authorization: counts.authorization, endSession: counts.end_session, ...tokenGrants },
  }
}

/** The guard signs in, the interceptor adds a token, and the user signs out. */
export async function aDay(page: Page, world: World, library: string): Promise<object[]> {
  const { idp, bareUrl } = world
  await idp.control.reset()
  const day: object[] = []
  const note = async () => day.push(await seen(page, world))
  const url = new URL(`msal-${library}/angular.html`, bareUrl)
  url.searchParams.set('authority', idp.authority('home'))
  url.searchParams.set('graph', idp.graph)
  await page.goto(url.href)
  await expect(page.getByText('0 accounts')).toBeVisible()
  await note()

  await page.getByRole('button', { name: 'Profile' }).click()
  await signInAtProvider(page, 'Alice Adams')
  await allowAtProvider(page)
  await expect(page.getByText('Hello, Alice Adams.')).toBeVisible({ timeout: 15_000 })
  await note()

  await page.reload()
  await expect(page.getByText('Hello, Alice Adams.')).toBeVisible()
  await note()

  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByText('0 accounts')).toBeVisible({ timeout: 15_000 })
  await note()
  return day
}
