import type { Page } from '@playwright/test'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story, type World } from '../../world.ts'

const MINUTE_MS = 60_000
/** A token with a lifetime of one minute is renewed in its last fifth. */
const MOST_OF_A_MINUTE_MS = 50_000

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const ledgerOf = (page: Page, scope: string) =>
  section(page, 'Consent').getByRole('row').filter({ hasText: scope })

/** Alice signs in to the demo, which requests only her identity. */
async function aliceSignsIn(page: Page, { idp, demoUrl }: World): Promise<void> {
  await idp.control.reset()
  await page.goto(demoUrl)
  await button(page, 'Sign in').first().click()
  await signInAtProvider(page, 'Alice Adams')
  await expect(page.getByText('asks for access')).toBeVisible()
  await expect(page.getByRole('checkbox')).toHaveCount(0)
  await allowAtProvider(page)
  await expect(page.getByRole('banner')).toContainText('Alice Adams')
}

async function opensCalendar(page: Page): Promise<void> {
  await button(page, 'Show my calendar').click()
  await allowAtProvider(page)
  await expect(section(page, 'Calendar').getByRole('listitem').first()).toBeVisible()
}

story(
  'Each section of the demo requests its scopes once, when it needs them',
  async ({ page, world }) => {
    await aliceSignsIn(page, world)
    await expect(section(page, 'Consent')).toContainText('requested no scope of an API')
    await expect(section(page, 'Calendar')).toContainText('may ask for your permission')

    await button(page, 'Show my calendar').click()
    await expect(page.getByRole('checkbox')).toHaveCount(1)
    await expect(page.getByLabel('See your calendar')).toBeChecked()
    await allowAtProvider(page)
    await expect(section(page, 'Calendar').getByRole('listitem').first()).toBeVisible()
    await expect(ledgerOf(page, 'calendar.read')).toContainText('granted')
    await expect(ledgerOf(page, 'mail.read')).toHaveCount(0)

    await button(page, 'Show my mail').click()
    await expect(page.getByRole('checkbox')).toHaveCount(1)
    await allowAtProvider(page)
    await expect(section(page, 'Mail').getByRole('listitem').first()).toBeVisible()
    await expect(ledgerOf(page, 'mail.read')).toContainText('granted')

    await expect(section(page, 'Calendar')).toContainText('A token is in the cache')
    await world.idp.control.resetStats()
    await button(page, 'Show my calendar').click()
    await expect(section(page, 'Calendar').getByRole('listitem').first()).toBeVisible()
    const { counts } = await world.idp.control.stats()
    expect(counts).toMatchObject({ authorization: 0, token: 0, calendar: 1 })
  },
)

story(
  'Alice declines mail in the demo: other sections work, and a button asks her again',
  async ({ page, world }) => {
    await aliceSignsIn(page, world)
    await opensCalendar(page)
    const mail = section(page, 'Mail')
    await mail.getByLabel('To', { exact: true }).fill('bob@example.com')
    await mail.getByLabel('Subject').fill('Lunch?')
    await button(page, 'Send mail').click()
    await allowAtProvider(page, ['Send mail in your name'])

    await expect(mail).toContainText('You declined mail.send.')
    await expect(ledgerOf(page, 'mail.send')).toContainText('declined')
    await expect(page.getByRole('alert')).toHaveCount(0)
    await button(page, 'Show my calendar').click()
    await expect(section(page, 'Calendar').getByRole('listitem').first()).toBeVisible()

    await world.idp.control.resetStats()
    await button(page, 'Send mail').click()
    await expect(button(page, 'Ask again for permission')).toBeFocused()
    const { counts } = await world.idp.control.stats()
    expect(counts).toMatchObject({ authorization: 0, token: 0, mail: 0 })

    await button(page, 'Ask again for permission').click()
    await expect(page.getByRole('checkbox')).toHaveCount(1)
    await allowAtProvider(page)
    await expect(mail).toContainText('Sent “Lunch?” to bob@example.com.')
    await expect(ledgerOf(page, 'mail.send')).toContainText('granted')
    await expect(button(page, 'Ask again for permission')).toHaveCount(0)
  },
)

story(
  'Alice denies all consent: the demo continues, and a button asks her again',
  async ({ page, world }) => {
    await aliceSignsIn(page, world)
    await button(page, 'Show my mail').click()
    await button(page, 'Deny').click()
    const mail = section(page, 'Mail')
    await expect(mail).toContainText('You declined mail.read.')
    await expect(page.getByRole('alert')).toHaveCount(0)
    await expect(ledgerOf(page, 'mail.read')).toContainText('declined')
    await opensCalendar(page)

    await page.getByLabel('Popup').check()
    const asking = page.waitForEvent('popup')
    await button(page, 'Ask again for permission').click()
    await button(await asking, 'Deny').click()
    await expect(button(page, 'Ask again for permission')).toBeVisible()
    await expect(mail.getByText('access_denied')).toHaveCount(0)
  },
)

story('The timeline shows the renewal of a token before its expiry', async ({ page, world }) => {
  await page.clock.install()
  await aliceSignsIn(page, world)
  await world.idp.control.changeSettings({ accessTokenLifetime: MINUTE_MS / 1000 })
  await opensCalendar(page)
  const next = section(page, 'Renewal').getByRole('list', { name: 'Next renewals' })
  const past = section(page, 'Renewal').getByRole('list', { name: 'Past renewals' })
  await expect(next.getByRole('listitem')).toHaveText([/calendar\.read.*in \d+ s/])
  await expect(section(page, 'Renewal')).toContainText('Silent renewal has no known end')

  await page.clock.fastForward(MOST_OF_A_MINUTE_MS)
  await expect(past.getByRole('listitem')).toHaveText([/calendar\.read.*renewed by this tab/])
  await expect(section(page, 'Calendar')).toContainText('A token is in the cache')
})

story('The timeline shows a renewal of another tab', async ({ page, context, world }) => {
  await aliceSignsIn(page, world)
  const otherTab = await context.newPage()
  await otherTab.goto(world.demoUrl)
  await expect(section(otherTab, 'Renewal')).toBeVisible()
  await button(page, 'Renew').first().click()
  await expect(section(otherTab, 'Renewal')).toContainText('renewed by another tab')
})

/** Alice has a token for one minute, and the controls of the provider are open. */
async function aliceHasAShortLivedToken(page: Page, world: World): Promise<void> {
  await page.clock.install()
  await aliceSignsIn(page, world)
  await world.idp.control.changeSettings({ accessTokenLifetime: MINUTE_MS / 1000 })
  await opensCalendar(page)
  await page.getByText('Provider controls').click()
}

story(
  'The demo uses its tokens offline, and renews them when the network returns',
  async ({ page, world }) => {
    await aliceHasAShortLivedToken(page, world)
    await button(page, 'Go offline').click()
    await expect(page.getByText('all requests of the demo fail')).toBeVisible()

    const renewal = section(page, 'Renewal')
    await page.clock.fastForward(MOST_OF_A_MINUTE_MS)
    await expect(renewal).toContainText('network_error')
    await expect(renewal).toContainText('next try at')
    await button(page, 'Show my calendar').click()
    await expect(section(page, 'Calendar').getByRole('alert')).toContainText('could not be reached')

    await button(page, 'Go online').click()
    await expect(renewal).toContainText('renewed by this tab')
    await button(page, 'Show my calendar').click()
    await expect(section(page, 'Calendar').getByRole('listitem').first()).toBeVisible()
    await expect(page.getByRole('alert')).toHaveCount(0)
  },
)

story(
  'The timeline shows the failures of a provider that is down, and the user sees no error',
  async ({ page, world }) => {
    await aliceHasAShortLivedToken(page, world)
    await button(page, 'Break the provider').click()
    await expect(page.getByText('fail with 503')).toBeVisible()

    const renewal = section(page, 'Renewal')
    await page.clock.fastForward(MOST_OF_A_MINUTE_MS)
    await expect(renewal).toContainText('server_error')
    await expect(renewal).toContainText('next try at')
    await button(page, 'Repair the provider').click()
    await expect(renewal).toContainText('renewed by this tab')
    await expect(page.getByRole('alert')).toHaveCount(0)
  },
)
