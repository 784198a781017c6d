import { setTimeout as sleep } from 'node:timers/promises'
import { withoutThirdPartyCookies } from '../driver/world.ts'
import { libraries } from '../figures/libraries.ts'
import { callSilently, leaveExpiredToken, open } from './expired.ts'
import { type Measure, takeTurns } from './measure.ts'

/** Long enough to reload the page in the middle of the request. */
const LATENCY_MS = 1200
const PATIENCE_MS = 10_000

/** A reload during a refresh, with third-party cookies blocked: 1 if the next silent call gets a token, else 0. */
export const survival: Measure = {
  name: 'survival',
  rounds: 3,
  quickRounds: 1,
  run: (world, samples, rounds) =>
    withoutThirdPartyCookies(world, (there) =>
      takeTurns(
        rounds,
        async (library) => {
          const { page, idp } = there
          const url = await leaveExpiredToken(there, library)
          await idp.control.changeSettings({ latencyMs: { token: LATENCY_MS } })
          await idp.control.resetStats()
          await open(page, url)
          await page.evaluate(() => void window.bench.adapter.silent().catch(() => undefined))
          const untilMs = performance.now() + PATIENCE_MS
          const refreshes = async () => (await idp.control.stats()).tokenGrants.refresh_token ?? 0
          while ((await refreshes()) === 0 && performance.now() < untilMs) await sleep(20)
          await open(page, url)
          const { failures } = await callSilently(page, 1)
          samples.add('survival.sessions', 'reload', library, failures === 0 ? 1 : 0)
          await idp.control.changeSettings({ latencyMs: 0 })
        },
        libraries.filter((library) => library !== 'floor'),
      ),
    ),
}
