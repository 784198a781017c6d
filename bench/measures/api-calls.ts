import type { World } from '../driver/world.ts'
import type { Measure } from './measure.ts'

const CALLS = 5000
/** A proof takes longer than all the rest of a call. */
const BOUND_CALLS = 1000
/** The app of the page has the same options at the sign-in and at the calls. */
const BOUND_APP = 'apis&dpop&popup'

/** The time of `auth.fetch` with a token in memory, beyond the bare `fetch` with the same header, in microseconds. */
export const apiCalls: Measure = {
  name: 'api-calls',
  rounds: 7,
  quickRounds: 2,
  async run(world, samples, rounds) {
    const bearerPage = `${await world.filledSite('carnet', 10)}/?isolated&apis`
    const boundSite = world.siteOf('carnet', 'bound')
    await signInBound(world, boundSite)
    for (let round = 0; round < rounds; round += 1) {
      samples.add('api.overhead', '10', 'carnet', await measure(world, bearerPage, CALLS))
      const boundPage = `${boundSite}/?isolated&${BOUND_APP}`
      samples.add('api.overhead', 'bound', 'carnet', await measure(world, boundPage, BOUND_CALLS))
    }
  },
}

async function measure({ page }: World, address: string, count: number): Promise<number> {
  await page.goto(address)
  await page.evaluate(() => window.bench.loaded)
  return page.evaluate((calls) => window.bench.measureApiCalls(calls), count)
}

/**
 * Signs in with DPoP, in a page that can reach its popup. An isolated page cannot.
 *
 * @throws If the token is not bound: then its calls would need no proofs.
 */
async function signInBound({ page }: World, site: string): Promise<void> {
  await page.goto(`${site}/?${BOUND_APP}`)
  await page.evaluate(() => window.bench.loaded)
  await page.click('#popup')
  const isBound = await page.evaluate(async () => {
    await window.bench.signingIn
    const [, claims = ''] = (await window.bench.adapter.silent()).split('.')
    return atob(claims.replaceAll('-', '+').replaceAll('_', '/')).includes('"jkt"')
  })
  if (!isBound) throw new Error('The access token is not bound to a key.')
}
