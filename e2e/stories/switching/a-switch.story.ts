import type { Page } from '@playwright/test'
import { type EntraWorld, expect, entraStory as story } from '../../entra-world.ts'
import type { App } from '../../steps/app.ts'
import { migrates, signsInWithMsal, startsMsal, storedKeys } from '../../steps/earlier.ts'

const scopes = ['User.Read']
const place = 'localStorage'
const version = '5.29.0'
const optionsOf = ({ idp }: EntraWorld, clientId = 'spa') =>
  ({ clientId, authority: idp.authority('home'), authorityProfile: 'entra' }) as const

async function signsIn({ page }: App, world: EntraWorld, clientId = 'spa', name?: string) {
  await world.idp.control.changeSettings({ consent: 'skip' })
  await world.idp.control.endSessions({}) // Then the page of the provider is the same each time.
  const earlier = { version, place, authority: world.idp.authority('home'), clientId } as const
  await signsInWithMsal(page, world.bareUrl, earlier, [scopes], name)
}

/** Loads the app before its switch, and returns the accounts of the earlier library. */
async function earlierAccounts(page: Page, { idp, bareUrl }: EntraWorld, clientId = 'spa') {
  await page.goto(`${bareUrl}earlier.html`)
  await startsMsal(page, version, { place, authority: idp.authority('home'), clientId })
  return page.evaluate(() => window.earlierMsal.getAllAccounts().map(({ username }) => username))
}

const nothing = { moved: [], skipped: [] }

story(
  'After the browser has closed, encrypted entries are removed unread',
  async ({ app, world }) => {
    const { page } = app
    await signsIn(app, world)
    await page.goto(world.bareUrl)
    await page.context().clearCookies({ name: 'msal.cache.encryption' })
    const { moved, skipped } = await migrates(page, 'msal', optionsOf(world))
    expect([moved, new Set(skipped)]).toEqual([[], new Set(['key_missing'])])
    expect(await storedKeys(page, /\|spa\|/)).toEqual([])
    expect((await app.starts()).answer?.username).toBeUndefined()
  },
)

story('A sign-in that was under way ends with the switch', async ({ app, world }) => {
  const { page } = app
  await earlierAccounts(page, world)
  const leaves = page.waitForURL((url) =>
    url.href.startsWith(world.idp.authority('home').slice(0, 20)),
  )
  await page.evaluate(() => {
    void window.earlierMsal.loginRedirect({ scopes: [] })
  })
  await leaves
  await page.goto(world.bareUrl)
  expect(await storedKeys(page, /^msal\.(spa\.|interaction)/)).not.toEqual([])
  expect(await migrates(page, 'msal', optionsOf(world))).toEqual(nothing)
  expect(await storedKeys(page, /^msal\.(spa\.|interaction)/)).toEqual([])
})
