import { type Account, accountKey, type Forecast, forecastOf } from '@carnet/core'
import type { Context } from '../context/context.ts'

/** The app is warned this long before silent renewal ends, so that it can renew at a good moment. */
const AHEAD_MS = 5 * 60_000
const LOOK_EVERY_MS = 60_000

/** Creates the forecaster: it predicts how long tokens can be acquired without the user, and warns before the end. */
export function createForecaster(
  { config, platform, cache, accounts, events }: Context,
  provider: { isFrameBlocked(authority: string): Promise<boolean> },
) {
  /** The ends that were reported, by account. */
  const announced = new Map<string, number>()
  let looking: ReturnType<typeof setInterval> | undefined
  let isEnabled = false
  toggle(config.renewal.enabled)

  async function forecast(account: Account): Promise<Forecast> {
    const [held, endMs] = await Promise.all([
      cache.refreshTokens(account),
      cache.lastEndMs(account, platform.now()),
    ])
    const forecasts = (held.length > 0 ? held : [undefined]).map((refreshToken) =>
      forecastOf(refreshToken, endMs, config.dialect),
    )
    // The forecast with the earliest end decides.
    return forecasts.reduce((a, b) => (endOf(b) < endOf(a) ? b : a))
  }

  /** Starts or stops the warnings. */
  function toggle(starts: boolean): void {
    isEnabled = starts
    clearInterval(looking)
    if (starts) looking = setInterval(look, LOOK_EVERY_MS)
  }

  function look(): void {
    if (!isEnabled) return
    for (const account of accounts.list())
      lookAt(account).catch((error) => platform.log('warn', `The forecast failed: ${error}`))
  }

  async function lookAt(account: Account): Promise<void> {
    const { silentUntil, cause } = await forecast(account)
    const key = accountKey(account)
    const endsAtMs = silentUntil?.getTime()
    if (endsAtMs === undefined || announced.get(key) === endsAtMs) return
    if (platform.now() < endsAtMs - AHEAD_MS) return
    // Without a refresh token the hidden iframe renews, unless iframes are known not to work.
    if (cause === 'access_token' && (await canFrame(account))) return
    announced.set(key, endsAtMs)
    events.emit('interactionExpected', { account, silentUntil: new Date(endsAtMs) })
  }

  const canFrame = async (account: Account) =>
    config.silent.iframe &&
    !(await provider.isFrameBlocked(accounts.record(account)?.authority ?? config.authority))

  return {
    forecast,
    look,
    toggle,
    close: () => clearInterval(looking),
  }
}

const endOf = ({ silentUntil }: Forecast) => silentUntil?.getTime() ?? Number.POSITIVE_INFINITY
