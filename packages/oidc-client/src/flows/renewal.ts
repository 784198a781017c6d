import { isAuthError } from '@carnet/browser'
import { toOidcError } from '../carnet/to-oidc-error.ts'
import { ErrorTimeout } from '../values/errors.ts'
import { Logger } from '../values/log.ts'
import type { UserManagerEvents } from '../values/user-events.ts'

/** The waits between attempts while the provider cannot be reached. The last one repeats. */
const WAITS_MS = [5_000, 10_000, 20_000, 40_000, 60_000]

/** The automatic renewal of a user. */
export interface Renewal {
  start(): void
  stop(): void
}

/**
 * Creates the automatic renewal. It renews when the token is about to expire. A failure of the network passes by itself, so it tries
 * again, and reports the failure once when the token has expired. Every other failure is reported at once, and ends the renewal of
 * this token.
 */
export function createRenewal({
  events,
  load,
  renew,
  isExpired,
  mostTimeouts,
}: {
  readonly events: UserManagerEvents
  /** Starts the timers of the stored user. */
  load(): Promise<unknown>
  /** Renews the user, or finds the token that another tab got. @throws AuthError */
  renew(): Promise<unknown>
  /** True if the user's token has expired. */
  isExpired(): boolean
  /** The retries after timeouts of the hidden iframe. Default: no limit. */
  readonly mostTimeouts: number | undefined
}): Renewal {
  let isStarted = false
  let failures = 0
  let timeouts = 0
  let isReported = false
  let timer: ReturnType<typeof setTimeout> | undefined

  async function attempt(): Promise<void> {
    clearTimeout(timer)
    try {
      await renew()
      end()
    } catch (failure) {
      await fail(failure)
    }
  }

  async function fail(failure: unknown): Promise<void> {
    const error = toOidcError(failure) as Error
    const isTimeout = error instanceof ErrorTimeout
    timeouts += isTimeout ? 1 : 0
    const isOverLimit = mostTimeouts !== undefined && timeouts > mostTimeouts
    const passes = isTimeout ? !isOverLimit : isAuthError(failure) && failure.isTransient
    if (!passes || !isStarted) {
      end()
      return events._raiseSilentRenewError(error)
    }
    Logger.warn('SilentRenewService', 'The renewal failed, and is tried again:', error)
    const waitMs = isTimeout ? WAITS_MS[0] : WAITS_MS[Math.min(failures, WAITS_MS.length - 1)]
    failures += 1
    timer = setTimeout(attempt, waitMs)
    if (isTimeout || isReported || !isExpired()) return undefined
    isReported = true
    return events._raiseSilentRenewError(error)
  }

  function end(): void {
    clearTimeout(timer)
    failures = 0
    timeouts = 0
    isReported = false
  }

  const onOnline = () => {
    if (failures > 0) void attempt()
  }

  return {
    start() {
      if (isStarted) return
      isStarted = true
      events.addAccessTokenExpiring(attempt)
      globalThis.addEventListener?.('online', onOnline)
      load().catch((error) => Logger.error('SilentRenewService', 'getUser error', error))
    },
    stop() {
      if (!isStarted) return
      isStarted = false
      end()
      events.removeAccessTokenExpiring(attempt)
      globalThis.removeEventListener?.('online', onOnline)
    },
  }
}
