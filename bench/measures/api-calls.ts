import type { Measure } from './measure.ts'

const CALLS = 5000

/** The time of `auth.fetch` with a token in memory, beyond the bare `fetch` with the same header, in microseconds. */
export const apiCalls: Measure = {
  name: 'api-calls',
  rounds: 7,
  quickRounds: 2,
  async run(world, samples, rounds) {
    const { page } = world
    for (let round = 0; round < rounds; round += 1) {
      await page.goto(`${await world.filledSite('carnet', 10)}/?isolated&apis`)
      await page.evaluate(() => window.bench.loaded)
      const overhead = await page.evaluate((calls) => window.bench.measureApiCalls(calls), CALLS)
      samples.add('api.overhead', '10', 'carnet', overhead)
    }
  },
}
