import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, expect, type Page } from '@playwright/test'
import { fullChromium } from '../../steps/browser/leftovers.ts'
import { answers, appIn, HOUR_MS, middles, rounds, SCOPES } from '../../steps/survival.ts'
import type { World } from '../../steps/world.ts'
import { story } from '../../world.ts'

/** Blocks third-party cookies, in a profile that a browser can open again. */
async function profileThatBlocksCookies(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'carnet-profile-'))
  const profile = { cookie_controls_mode: 1, block_third_party_cookies: true }
  await mkdir(join(directory, 'Default'))
  await writeFile(join(directory, 'Default', 'Preferences'), JSON.stringify({ profile }))
  return directory
}

const opens = (directory: string) =>
  chromium.launchPersistentContext(directory, fullChromium.launchOptions)

const options = { tokens: 'page', renewal: { enabled: false } } as const

/** Opens the app in a new profile. */
async function opensInNewProfile(world: World) {
  const directory = await profileThatBlocksCookies()
  const before = await opens(directory)
  const page = await before.newPage()
  await page.goto(world.bareUrl)
  return { directory, before, page }
}

for (const round of rounds)
  for (const [request, { begins, goesOn }] of Object.entries(middles)) {
    story(
      `The page closes during ${request}, and the browser starts again with its profile (${round})`,
      async ({ world }) => {
        await world.idp.control.reset()
        const { directory, before, page } = await opensInNewProfile(world)
        await begins(appIn(page, world, options), options)
        await page.close()
        // The worker lives until the answer is there; then the browser ends.
        await answers(world.idp)
        await expect.poll(() => isQuiet(before.pages()[0], world.bareUrl)).toBe(true)
        await before.close()
        const after = await opens(directory)
        const next = await after.newPage()
        await next.goto(world.bareUrl)
        await goesOn(appIn(next, world, options), options, false)
        await after.close()
        await rm(directory, { recursive: true, force: true })
      },
    )
  }

/** The provider has not seen the request, so the token of it is still good. */
story(
  'The browser ends before the answer to a refresh: the next start asks again, once',
  async ({ world }) => {
    const { control } = world.idp
    await control.reset()
    const { directory, before, page } = await opensInNewProfile(world)
    const app = appIn(page, world, options)
    await app.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    await control.addFault({ endpoint: 'token', fault: { kind: 'hang' } })
    await control.resetStats()
    await app.jumps(HOUR_MS)
    app.asks(SCOPES).catch(() => undefined) // The browser ends.
    await expect.poll(async () => (await app.requests()).token).toBe(1)
    await before.close()
    const after = await opens(directory)
    const next = appIn(await after.newPage(), world, options)
    await next.page.goto(world.bareUrl)
    await next.starts({ ...options, clockAheadMs: HOUR_MS })
    const { answer, error } = await next.asks(SCOPES)
    expect(error).toBeUndefined()
    expect(answer?.uniqueId).toBe('alice')
    expect((await next.requests()).token).toBe(2)
    await after.close()
    await rm(directory, { recursive: true, force: true })
  },
)

story(
  'The browser ends before the answer to a code: the next start shows no error, and the user can sign in',
  async ({ world }) => {
    await world.idp.control.reset()
    const { directory, before, page } = await opensInNewProfile(world)
    await middles['the redemption of its code'].begins(appIn(page, world, options), options)
    await before.close()
    const after = await opens(directory)
    const next = appIn(await after.newPage(), world, options)
    await next.page.goto(world.bareUrl)
    await world.idp.control.changeSettings({ latencyMs: 0 })
    await answers(world.idp)
    expect(await next.starts(options)).toEqual({ answer: {} })
    await next.isSignedIn({ scopes: SCOPES }, 'Alice Adams', options)
    await after.close()
    await rm(directory, { recursive: true, force: true })
  },
)

/** True if no worker of the origin sends a request any more: it holds a lock meanwhile. */
async function isQuiet(page: Page | undefined, url: string) {
  if (!page) throw new Error('The browser has no page.')
  if (!page.url().startsWith(url)) await page.goto(`${url}callback.html`)
  return page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    return held.every(({ name }) => !name?.startsWith('carnet.flight'))
  })
}
