import { chromium } from '@playwright/test'
import { createApp } from '../../steps/app.ts'
import { fullChromium } from '../../steps/browser/leftovers.ts'
import { allowAtProvider, signInAtProvider } from '../../steps/provider-pages.ts'
import { expect, story } from '../../world.ts'

story(
  'The page returns from the back-forward cache: the call rejects, and the next click works',
  async ({ world }) => {
    await world.idp.control.reset()
    const browser = await chromium.launch(fullChromium.launchOptions)
    const page = await browser.newPage()
    await page.goto(world.bareUrl)
    const app = createApp(page, world)
    await app.starts()
    await page.evaluate(() =>
      addEventListener('pageshow', ({ persisted }) => Object.assign(window, { persisted })),
    )
    await app.leavesBy('signIn')
    await expect(page.getByRole('button', { name: 'Continue as Alice Adams' })).toBeVisible()

    await page.goBack({ waitUntil: 'commit' })
    await expect
      .poll(() => page.evaluate(() => 'persisted' in window && window.persisted))
      .toBe(true)
    expect(await page.evaluate(() => window.left)).toMatchObject({ code: 'user_cancelled' })

    await app.leavesBy('signIn')
    await signInAtProvider(page, 'Alice Adams')
    await allowAtProvider(page)
    await app.returnsTo()
    expect((await app.starts()).answer?.username).toBe('alice@example.com')
    await browser.close()
  },
)
