import type { World } from '../driver/world.ts'
import { type Measure, takeTurns } from './measure.ts'

const CALLS = 10_000

/** The number of calls before the first measurement of the heap. Allocations of the first calls are not growth. */
const CALLS_AHEAD = 1000

/** The wait until a library has loaded its modules in idle time. They are not growth either. */
const IDLE_MS = 1000

/** The heap growth over silent calls from the cache, in bytes. */
export const memory: Measure = {
  name: 'memory',
  rounds: 3,
  quickRounds: 1,
  async run(world, samples, rounds) {
    const { page } = world
    const call = (calls: number) =>
      page.evaluate(async (count) => {
        for (let index = 0; index < count; index += 1) await window.bench.adapter.silent()
      }, calls)
    await takeTurns(
      rounds,
      async (library) => {
        const site = await world.filledSite(library, library === 'oidc-client-ts' ? 1 : 10)
        await page.goto(site)
        await page.evaluate(() => window.bench.loaded)
        await page.waitForTimeout(IDLE_MS)
        await call(CALLS_AHEAD)
        const before = await heapBytes(world)
        await call(CALLS)
        samples.add('memory.growth', `${CALLS}`, library, (await heapBytes(world)) - before)
      },
      ['carnet', 'msal-browser', 'oidc-client-ts'],
    )
  },
}

async function heapBytes({ devTools }: World): Promise<number> {
  await devTools.send('HeapProfiler.collectGarbage')
  await devTools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devTools.send('Runtime.getHeapUsage')
  return usedSize
}
