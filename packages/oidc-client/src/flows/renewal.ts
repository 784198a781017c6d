import { isAuthError } from '@carnet/browser'
import { toOidcError } from '../carnet/to-oidc-error.ts'
import { ErrorTimeout } from '../values/errors.ts'
import { Logger } from '../values/log.ts'
import type { UserManagerEvents } from '../values/user-events.ts'

/** The waits between attempts while the provider cannot be reached. The last one repeats. */
const WAITS_MS = [5_000, 10_000, 20_000, 40_000, 60_000]

/** The automatic renewal of a user. */
export interface Renewal {
  /** Renews the user, and tries again if the failure passes by itself. */
  attempt(): Promise<void>
  /** Ends the attempts for this token. */
  end(): void
}

/**
 * Creates the automatic renewal. A failure of the network passes by itself, so it tries again, and reports the failure once when the
 * token has expired. Every other failure is reported at once, and ends the renewal of this token.
 */
export function createRenewal({
  events,
  renew,
  isExpired,
  mostTimeouts,
}: {
  readonly events: UserManagerEvents
  /** Renews the user, or finds the token that another tab got. @throws AuthError */
  renew(): Promise<unknown>
  /** True if the user's token has expired. */
  isExpired(): boolean
  /** The retries after timeouts of the hidden iframe. Default: no limit. */
  readonly mostTimeouts: number | undefined
}): Renewal {
  let failures = 0
  let timeouts = 0
  let isReported = false
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Counts the ends: the failure of an attempt that was ended starts no other. */
  let ends = 0

  const retry = () => void attempt()

  async function attempt(): Promise<void> {
    stopWaiting()
    const before = ends
    try {
      await renew()
      end()
    } catch (failure) {
      await fail(failure, before === ends)
    }
  }

  async function fail(failure: unknown, isWanted: boolean): Promise<void> {
    const error = toOidcError(failure) as Error
    const isTimeout = error instanceof ErrorTimeout
    timeouts += isTimeout ? 1 : 0
    const isOverLimit = mostTimeouts !== undefined && timeouts > mostTimeouts
    const passes = isTimeout ? !isOverLimit : isAuthError(failure) && failure.isTransient
    if (!passes || !isWanted) {
      end()
      return events._raiseSilentRenewError(error)
    }
    Logger.warn('SilentRenewService', 'The renewal failed, and is tried again:', error)
    const waitMs = isTimeout ? WAITS_MS[0] : WAITS_MS[Math.min(failures, WAITS_MS.length - 1)]
    failures += 1
    timer = setTimeout(retry, waitMs)
    addEventListener('online', retry)
    if (isTimeout || isReported || !isExpired()) return undefined
    isReported = true
    return events._raiseSilentRenewError(error)
  }

  function stopWaiting(): void {
    clearTimeout(timer)
    removeEventListener('online', retry)
  }

  function end(): void {
    stopWaiting()
    ends += 1
    failures = 0
    timeouts = 0
    isReported = false
  }

  return { attempt, end }
}
