import { type Account, accountKey, type Forecast, forecastOf } from '@carnet/core'
import type { Events } from './announce.ts'
import type { Renewer } from './renewer.ts'
import type { Runtime } from './runtime.ts'

/** How long before silence ends the app is told, so that it can renew at a good moment. */
const AHEAD_MS = 5 * 60_000
const LOOK_EVERY_MS = 60_000

/** Says until when tokens can be had without the user, and tells ahead when that comes near. */
export function createForecaster(runtime: Runtime, events: Events, renewer: Renewer) {
  const { config, platform, cache, accounts, page } = runtime
  /** The ends that were told, by account. */
  const told = new Map<string, number>()
  const looking = config.renewal.enabled ? setInterval(look, LOOK_EVERY_MS) : undefined
  const stopListening = config.renewal.enabled ? page.onWake(look) : () => undefined

  async function forecast(account: Account): Promise<Forecast> {
    const ends = renewer
      .planned()
      .filter((planned) => accountKey(planned.account) === accountKey(account))
      .map(({ expiresOn }) => expiresOn.getTime())
    const accessTokenEndsAtMs = ends.length > 0 ? Math.max(...ends) : undefined
    const held = await cache.refreshTokens(account)
    const forecasts = (held.length > 0 ? held : [undefined]).map((refreshToken) =>
      forecastOf(refreshToken, accessTokenEndsAtMs, config.profile),
    )
    // The first that ends is the first that the user is needed for.
    return forecasts.reduce((a, b) => (endOf(b) < endOf(a) ? b : a))
  }

  function look(): void {
    for (const account of accounts.list())
      lookAt(account).catch((error) => platform.log('warn', `No forecast: ${error}`))
  }

  async function lookAt(account: Account): Promise<void> {
    const { silentUntil, cause } = await forecast(account)
    const key = accountKey(account)
    const endsAtMs = silentUntil?.getTime()
    if (endsAtMs === undefined || cause === 'access_token') return
    if (platform.now() < endsAtMs - AHEAD_MS || told.get(key) === endsAtMs) return
    told.set(key, endsAtMs)
    events.emit('interactionExpected', { account, silentUntil: new Date(endsAtMs) })
  }

  return {
    forecast,
    look,
    close(): void {
      clearInterval(looking)
      stopListening()
    },
  }
}

const endOf = ({ silentUntil }: Forecast) => silentUntil?.getTime() ?? Number.POSITIVE_INFINITY
