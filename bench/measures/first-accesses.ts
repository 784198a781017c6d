import { type Measure, takeTurns } from './measure.ts'

const TOKENS = 10_000

/** The first access to each of many tokens, one after the other, and of the floor in the same page. Microseconds. */
export const firstAccesses: Measure = {
  name: 'first-accesses',
  rounds: 3,
  quickRounds: 1,
  async run(world, samples, rounds) {
    const { page } = world
    await takeTurns(
      rounds,
      async (library) => {
        await page.goto(`${await world.filledSite(library, TOKENS)}/?isolated`)
        await page.evaluate(() => window.bench.loaded)
        const { floor, carnet: own } = await page.evaluate(
          (count) => window.bench.measureFirstAccesses(count),
          TOKENS,
        )
        samples.add('first.p50', `${TOKENS}`, library, own)
        samples.add('first.p50', `${TOKENS}`, 'floor', floor)
        samples.add('first.floors', `${TOKENS}`, library, own / floor)
      },
      ['carnet'],
    )
  },
}
