import type { World } from '../driver/world.ts'
import type { Library } from '../figures/libraries.ts'
import { type Measure, takeTurns } from './measure.ts'
import { requestsOf } from './requests.ts'

type Way = 'redirect' | 'popup'

const LATENCIES_MS = [0, 100]

/** The wait before the click, for the prefetch of a library. */
const IDLE_MS = 1000

/**
 * The time of a sign-in without provider pages, from the click to the token: with empty storage, and after a
 * sign-out.
 */
export const signIns: Measure = {
  name: 'sign-ins',
  rounds: 4,
  quickRounds: 1,
  async run(world, samples, rounds) {
    const { control } = world.idp
    await takeTurns(rounds, async (library) => {
      for (const latencyMs of LATENCIES_MS) {
        await control.changeSettings({ latencyMs })
        for (const way of ['redirect', 'popup'] as const) {
          const note = async (times: string) => {
            const condition = `${way}, ${latencyMs} ms, ${times}`
            const ms = await signIn(world, library, way)
            const requests = requestsOf(await control.stats())
            samples.add('signIn.ms', condition, library, ms)
            samples.add('signIn.requests', condition, library, requests.total)
            samples.add('signIn.discovery', condition, library, requests.discovery)
          }
          await world.clear(siteOf(world, library, way))
          await note('first')
          await forget(world, library, way)
          await note('again')
          if (latencyMs === 0) continue
          for (const times of ['first', 'again'] as const) {
            if (times === 'first') await world.clear(siteOf(world, library, way))
            else await forget(world, library, way)
            const ms = await signInAtOnce(world, library, way)
            samples.add('signInAtOnce.ms', `${way}, ${latencyMs} ms, ${times}`, library, ms)
          }
        }
      }
    })
    await control.changeSettings({ latencyMs: 0 })
  },
}

const siteOf = (world: World, library: Library, way: Way) => world.siteOf(library, way)

async function open(world: World, library: Library, way: Way): Promise<void> {
  const { page } = world
  await page.goto(`${siteOf(world, library, way)}/${way === 'popup' ? '?popup' : ''}`)
  await page.evaluate(() => window.bench.loaded)
}

/** @returns Milliseconds from the click to the token. */
async function signIn(world: World, library: Library, way: Way): Promise<number> {
  const { page, idp } = world
  await open(world, library, way)
  await page.waitForTimeout(IDLE_MS)
  await idp.control.resetStats()
  const returned = way === 'redirect' ? page.waitForEvent('load') : undefined
  await page.click(`#${way}`)
  await returned
  const ms = await page.evaluate(async () => {
    const { signInMs } = await window.bench.loaded
    return signInMs ?? window.bench.signingIn
  })
  if (ms === undefined) throw new Error(`${library} did not sign in by ${way}.`)
  return ms
}

/**
 * Measures the most common app: it starts the sign-in as soon as it knows that there is no account.
 *
 * @returns Milliseconds from this instant to the token.
 */
async function signInAtOnce(world: World, library: Library, way: Way): Promise<number> {
  const { page } = world
  const query = new URLSearchParams({ 'at-once': way, ...(way === 'popup' && { popup: '' }) })
  await page.goto(`${siteOf(world, library, way)}/blank`)
  await page.evaluate((address) => location.assign(address), `/?${query}`)
  const giveUpAtMs = performance.now() + 10_000
  while (performance.now() < giveUpAtMs) {
    const signInMs = page.evaluate(async () => {
      const load = await window.bench?.loaded
      return load?.signInMs ?? window.bench?.signingIn
    })
    // Playwright cannot evaluate code during a navigation.
    const ms = await signInMs.catch(() => undefined)
    if (ms !== undefined) return ms
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`${library} did not sign in by ${way}.`)
}

/** Signs out locally. The library may keep metadata of the provider. */
async function forget(world: World, library: Library, way: Way): Promise<void> {
  await open(world, library, way)
  await world.page.evaluate(async () => {
    await window.bench.adapter.forget()
  })
}
