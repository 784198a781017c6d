import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright'
import type { World } from '../driver/world.ts'
import { type Library, libraries } from '../figures/libraries.ts'
import { type Measure, takeTurns } from './measure.ts'
import { requestsOf } from './requests.ts'

const CALLS = 50
const TABS = 6
const LATENCY_MS = 100
const LIFETIME_SECONDS = 1

/** Many concurrent calls, and many tabs, with an expired token. The refresh token works only once. */
export const expired: Measure = {
  name: 'expired',
  rounds: 2,
  quickRounds: 1,
  async run(world, samples, rounds) {
    const note = async (condition: string, library: Library, outcome: Outcome) => {
      const { total } = requestsOf(await world.idp.control.stats())
      samples.add('expired.requests', condition, library, total)
      samples.add('expired.failures', condition, library, outcome.failures)
      samples.add('expired.ms', condition, library, outcome.ms)
    }
    await takeTurns(
      rounds,
      async (library) => {
        const url = await leaveExpiredToken(world, library)
        await open(world.page, url)
        await world.idp.control.resetStats()
        await note('calls', library, await callSilently(world.page, CALLS))

        await leaveExpiredToken(world, library)
        const pages = [world.page]
        while (pages.length < TABS) pages.push(await world.context.newPage())
        for (const page of pages) await open(page, url)
        await world.idp.control.resetStats()
        const outcomes = await Promise.all(pages.map((page) => callSilently(page, 1)))
        await note('tabs', library, {
          failures: outcomes.reduce((sum, { failures }) => sum + failures, 0),
          ms: Math.max(...outcomes.map(({ ms }) => ms)),
        })
        for (const page of pages.slice(1)) await page.close()
      },
      libraries.filter((library) => library !== 'floor'),
    )
    await world.idp.control.changeSettings({ latencyMs: 0 })
  },
}

interface Outcome {
  readonly failures: number
  readonly ms: number
}

/** Creates a session with an expired token. @returns The address of the page. */
export async function leaveExpiredToken(world: World, library: Library): Promise<string> {
  const { page, idp } = world
  const site = world.siteOf(library, 'expired')
  const url = `${site}/?manual&popup`
  await world.clear(site)
  await idp.control.changeSettings({ accessTokenLifetime: LIFETIME_SECONDS, latencyMs: 0 })
  // Without consent the provider grants no `offline_access`, and `@azure/msal-browser` requests it at every refresh.
  await open(page, `${url}&prompt=consent`)
  const popup = page.waitForEvent('popup')
  await page.click('#popup')
  await (await popup).getByRole('button', { name: 'Allow' }).click()
  await page.evaluate(() => window.bench.signingIn)
  await page.goto(`${site}/blank`)
  await idp.control.changeSettings({ accessTokenLifetime: 3600, latencyMs: LATENCY_MS })
  await sleep(LIFETIME_SECONDS * 1000 + 100)
  return url
}

export async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.evaluate(() => window.bench.loaded)
}

export const callSilently = (page: Page, calls: number): Promise<Outcome> =>
  page.evaluate(async (count) => {
    const beganMs = performance.now()
    const asking = Array.from({ length: count }, () => window.bench.adapter.silent())
    const answers = await Promise.allSettled(asking)
    const failures = answers.filter(({ status }) => status === 'rejected').length
    return { failures, ms: performance.now() - beganMs }
  }, calls)
