import type { Library } from '../figures/libraries.ts'
import type { Physics } from '../pages/physics.ts'
import { type Measure, takeTurns } from './measure.ts'

const CALLS = 5000

/** The number of cached tokens. oidc-client-ts and the floor hold one token. */
const TOKENS: Readonly<Record<Library, readonly number[]>> = {
  carnet: [10, 1000, 10_000],
  'msal-browser': [10, 1000],
  'oidc-client-ts': [1],
  floor: [1],
}

const PHYSICS = [
  'mapRead',
  'decryption',
  'indexedDbGet',
  'webLock',
] as const satisfies readonly (keyof Physics)[]

/**
 * The time of silent calls from the cache, and of the floor in the same page, in microseconds. It also measures the cost
 * of reading the trace of a result.
 */
export const warmHits: Measure = {
  name: 'warm-hits',
  rounds: 5,
  quickRounds: 2,
  async run(world, samples, rounds) {
    const { page } = world
    await takeTurns(rounds, async (library) => {
      for (const count of TOKENS[library]) {
        await page.goto(`${await world.filledSite(library, count)}/?isolated`)
        await page.evaluate(() => window.bench.loaded)
        const hits = await page.evaluate((calls) => window.bench.measureWarmHits(calls), CALLS)
        samples.add('warm.p50', `${count}`, library, hits.p50)
        samples.add('warm.p99', `${count}`, library, hits.p99)
        if (count === 10 && library === 'carnet') {
          const ordinary = await page.evaluate(
            (calls) => window.bench.measureOrdinaryCalls(calls),
            CALLS,
          )
          const { plain = 0, 'its trace': withTrace = 0 } = ordinary
          samples.add('trace.cost', `${count}`, library, withTrace - plain)
          for (const [name, p50] of Object.entries(ordinary)) {
            samples.add('ordinary.p50', name, library, p50)
            samples.add('ordinary.ratio', name, library, p50 / plain)
          }
        }
        const physics = await page.evaluate(() => window.bench.measurePhysics())
        for (const name of PHYSICS) samples.add('physics', name, 'floor', physics[name])
        samples.add('warm.mapReads', `${count}`, library, hits.p50 / physics.mapRead)
      }
    })
    // This comes last, because it is slow. Some libraries cannot hold that many tokens.
    for (const [library, count] of [['msal-browser', 10_000]] as const)
      samples.add('cache.holds', `${count}`, library, await world.tokensHeld(library, count))
  },
}
