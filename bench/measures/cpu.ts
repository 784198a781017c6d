import { recordTrace } from '../driver/trace.ts'
import type { World } from '../driver/world.ts'
import type { Library } from '../figures/libraries.ts'
import { type Measure, takeTurns } from './measure.ts'

const TOKENS: Readonly<Record<Library, readonly number[]>> = {
  carnet: [3, 10_000],
  'msal-browser': [3],
  'oidc-client-ts': [1],
  floor: [1],
}

/** The CPU time of the main thread until the client is ready, in milliseconds. */
export const cpu: Measure = {
  name: 'cpu',
  rounds: 11,
  quickRounds: 2,
  async run(world, samples, rounds) {
    await takeTurns(rounds, async (library) => {
      for (const count of TOKENS[library]) {
        const { sinceCommitMs, sinceScriptMs } = await reload(world, library, count)
        samples.add('cpu.page', `${count}`, library, sinceCommitMs)
        samples.add('cpu.script', `${count}`, library, sinceScriptMs)
      }
    })
  },
}

async function reload(world: World, library: Library, count: number) {
  const { page, devTools } = world
  await page.goto(await world.filledSite(library, count))
  await page.evaluate(() => window.bench.loaded)
  const events = await recordTrace(devTools, async () => {
    await page.reload()
    await page.evaluate(() => window.bench.loaded)
  })
  const ready = events.find(({ name }) => name === 'bench.ready')
  const cpuMsOf = (name: string) => {
    const start = events.find((event) => event.name === name && event.thread === ready?.thread)
    if (!ready || !start) throw new Error(`The trace of ${library} lacks ${name}.`)
    return ready.cpuMs - start.cpuMs
  }
  return { sinceCommitMs: cpuMsOf('CommitLoad'), sinceScriptMs: cpuMsOf('bench.started') }
}
