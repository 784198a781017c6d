import { AuthError, isTransient } from '@carnet/core'

/** The parts of a wait for the user of a device code. */
export interface DevicePolling<T> {
  /** The shortest pause between two requests, in milliseconds; the default is that of RFC 8628 section 3.2. */
  readonly intervalMs: number | undefined
  /** The lifetime of the code, in milliseconds. */
  readonly expiresInMs: number
  /** Sends one token request. */
  readonly request: () => Promise<T>
  /** Waits. It rejects when the caller aborts. */
  readonly sleep: (ms: number) => Promise<void>
  /** A clock that is never set back. */
  readonly monotonicMs: () => number
  /** The clock of `retryAtMs`. */
  readonly now: () => number
}

/** The interval if the provider states none, and the step of `slow_down` (RFC 8628 sections 3.2 and 3.5). */
const FIVE_SECONDS_MS = 5000
/** After failures of the network the interval doubles, up to this length. */
const LONGEST_INTERVAL_MS = 60_000

const expired = () =>
  new AuthError('device_code_expired', 'The device code expired before the user entered it.')

/**
 * Asks for the tokens of a device code until the user has decided (RFC 8628 section 3.5). A pause comes before every request.
 * `slow_down` lengthens all further pauses, a failure of the network doubles them, and `Retry-After` is obeyed.
 *
 * @throws AuthError `device_code_expired`; `access_denied` if the user refuses; any other error that is not transient.
 */
export async function pollDeviceCode<T>(polling: DevicePolling<T>): Promise<T> {
  const { expiresInMs, request, sleep, monotonicMs, now } = polling
  const endMs = monotonicMs() + expiresInMs
  let intervalMs = Math.max(1000, polling.intervalMs ?? FIVE_SECONDS_MS)
  let pauseMs = intervalMs
  for (;;) {
    if (monotonicMs() + pauseMs >= endMs) {
      await sleep(Math.max(0, endMs - monotonicMs()))
      throw expired()
    }
    await sleep(pauseMs)
    try {
      return await request()
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      const { oauth, retryAtMs } = error
      if (oauth?.error === 'slow_down') intervalMs += FIVE_SECONDS_MS
      else if (isTransient(error))
        intervalMs = Math.min(2 * intervalMs, Math.max(intervalMs, LONGEST_INTERVAL_MS))
      else if (oauth?.error !== 'authorization_pending') throw decided(error)
      pauseMs = Math.max(intervalMs, retryAtMs === undefined ? 0 : retryAtMs - now())
    }
  }
}

/** The end of the flow: the user or the provider decided. */
function decided(error: AuthError): AuthError {
  const { oauth } = error
  // Entra says `authorization_declined` for a refusal.
  if (oauth?.error === 'access_denied' || oauth?.error === 'authorization_declined')
    return new AuthError('access_denied', 'The user refused the sign-in.', { cause: error, oauth })
  return oauth?.error === 'expired_token' ? expired() : error
}
