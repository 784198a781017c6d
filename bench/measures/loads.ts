import type { World } from '../driver/world.ts'
import type { Library } from '../figures/libraries.ts'
import type { Load } from '../pages/page.ts'
import { type Measure, takeTurns } from './measure.ts'

/** The number of cached tokens: as in a usual app, and as many as possible. */
const TOKENS: Readonly<Record<'few' | 'many', Partial<Record<Library, number>>>> = {
  few: { carnet: 3, 'msal-browser': 3, 'oidc-client-ts': 1, floor: 1 },
  many: { carnet: 10_000, 'msal-browser': 1000 },
}

/** The time until the client is ready and until the first token, since the script start and since the navigation. */
export const loads: Measure = {
  name: 'loads',
  rounds: 15,
  quickRounds: 2,
  async run(world, samples, rounds) {
    const note = (condition: string, library: Library, load: Load) => {
      const { startedMs, readyMs, tokenMs } = load
      samples.add('load.script', condition, library, startedMs)
      samples.add('load.ready', condition, library, readyMs - startedMs)
      samples.add('load.readySinceNavigation', condition, library, readyMs)
      if (tokenMs === undefined) return
      samples.add('load.token', condition, library, tokenMs - startedMs)
      samples.add('load.tokenSinceNavigation', condition, library, tokenMs)
    }
    await takeTurns(rounds, async (library) => {
      note('empty', library, await loadEmpty(world, library))
      for (const condition of ['few', 'many'] as const) {
        const count = TOKENS[condition][library]
        if (count !== undefined) note(condition, library, await reload(world, library, count))
      }
    })
  },
}

async function loadEmpty(world: World, library: Library): Promise<Load> {
  const site = world.siteOf(library, 'empty')
  await world.clear(site)
  await world.page.goto(`${site}/?isolated`)
  return loaded(world, false)
}

/** Reloads the page. */
async function reload(world: World, library: Library, count: number): Promise<Load> {
  const { page } = world
  await page.goto(`${await world.filledSite(library, count)}/?isolated`)
  await loaded(world, true)
  await page.reload()
  return loaded(world, true)
}

async function loaded({ page }: World, signedIn: boolean): Promise<Load> {
  const load = await page.evaluate(() => window.bench.loaded)
  if (load.signedIn !== signedIn) throw new Error(`${page.url()} has the wrong sign-in state.`)
  return load
}
