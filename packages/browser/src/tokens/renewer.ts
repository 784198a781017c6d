import {
  type AccessTokenRecord,
  type AcquireOptions,
  AuthError,
  arrivedAtMs,
  isTransient,
  retryMs,
  type SilentAnswer,
  type TokenQuery,
} from '@carnet/core'
import type { PlannedRenewal } from '../api/planned-renewal.ts'
import type { Context } from '../context/context.ts'
import { createPlans } from './plans.ts'
import { createWatch } from './watch.ts'
import type { Watched } from './watched-tokens.ts'

/** The longest timer: laptops sleep, clocks jump, and hidden tabs are throttled. */
const LONGEST_SLEEP_MS = 60_000

/** While the browser reports that it is offline, a failed renewal waits at least this long, or until `online`. */
const OFFLINE_WAIT_MS = 60_000

/** A clock that is set back by less than this does not count as wrong. */
const CLOCK_TOLERANCE_MS = 30_000

/** Renews used tokens in the background. */
export interface Renewer {
  /** Notes that a token was returned to a caller. */
  used: (query: TokenQuery, record: AccessTokenRecord) => void
  /** Starts the renewals that are due. `isBackOnline` retries failed renewals at once. */
  check: (isBackOnline?: boolean) => void
  /** The time of the next automatic retry after a failure, in milliseconds since the epoch. */
  nextTryAtMs: (query: TokenQuery) => number | undefined
  /** The planned renewals: frozen, and the same array until something in it changes. */
  planned: () => readonly PlannedRenewal[]
  /** Starts or stops the renewals. Used tokens are watched all the time. */
  toggle(isEnabled: boolean): void
  /** Ends all renewals. */
  close(): void
}

/**
 * Creates the renewer. It renews each used token before it expires, so that no caller waits. The refresh lock decides which tab
 * renews; the other tabs find the new token in the store.
 */
export function createRenewer(
  { config, platform, accounts, page, announce }: Context,
  renew: (query: TokenQuery, options: AcquireOptions) => Promise<SilentAnswer>,
): Renewer {
  const { watched, byRecord, watch } = createWatch(platform, config.renewal.leadTimeMs)
  let { enabled } = config.renewal
  const plans = createPlans(watched, accounts, platform, () => enabled)
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The time at which the timer fires, by the clock of the app. */
  let wakesAtMs = Number.POSITIVE_INFINITY
  let closed = false

  /** Notes that a token was returned. Called for every answer, so it must be very fast. */
  function used(query: TokenQuery, record: AccessTokenRecord): void {
    const known = byRecord.get(record)
    const nowMs = platform.now()
    if (known?.used && (!enabled || known.running || nowMs < known.dueAtMs)) return
    if (!known && (closed || query.claims !== undefined)) return
    const isNews = known ? !known.used : watch(query, record)
    if (known) known.used = true
    const { dueAtMs = 0 } = byRecord.get(record) ?? {}
    // A plan visits every token, so the timer is kept if it fires early enough.
    if (!(nowMs <= wakesAtMs && wakesAtMs <= dueAtMs)) plan()
    else if (isNews) tellIfPlansChanged()
  }

  /** Also sets the timer for the next renewal. During a `Retry-After`, no renewal starts. */
  function check(isBackOnline = false): void {
    if (!enabled) return
    const nowMs = platform.now()
    for (const token of watched.values()) {
      if (isBackOnline) noteOnline(token, nowMs)
      const isOver = !token.used && nowMs >= token.record.expiresAtMs
      const isDue = nowMs >= token.dueAtMs || nowMs < token.plannedAtMs - CLOCK_TOLERANCE_MS
      if (isOver || !accounts.record(token.query.owner)) watched.delete(token)
      else if (token.used && !token.running && isDue) void renewOne(token, isBackOnline)
    }
    plan()
  }

  function plan(): void {
    tellIfPlansChanged()
    clearTimeout(timer)
    wakesAtMs = earliestOf(watched.values())
    if (closed || !enabled || wakesAtMs === Number.POSITIVE_INFINITY) return
    const nowMs = platform.now()
    wakesAtMs = Math.min(wakesAtMs, nowMs + LONGEST_SLEEP_MS)
    timer = setTimeout(() => check(), wakesAtMs - nowMs)
  }

  function tellIfPlansChanged(): void {
    const before = plans.last()
    if (plans.current() !== before) tell()
  }

  /** Emits `changed` in a microtask, because a token is being returned to its caller now. */
  const tell = () => queueMicrotask(() => closed || announce.changed())

  async function renewOne(token: Watched, forceRefresh: boolean): Promise<void> {
    const isForced = begin(token) || forceRefresh
    try {
      const issuedAfterMs = arrivedAtMs(token.record)
      const { record } = await renew({ ...token.query, forceRefresh: isForced }, { issuedAfterMs })
      if (watched.delete(token)) watch(token.query, record, config.renewal.unused)
    } catch (error) {
      fail(token, error)
    } finally {
      token.running = false
      plan()
    }
  }

  function fail(token: Watched, error: unknown): void {
    const passes = isTransient(error)
    if (passes) postpone(token, error, platform.now(), page.isOnline())
    else watched.delete(token)
    if (!(error instanceof AuthError) || closed) return
    platform.log('warn', `A renewal failed: ${error.code}.`)
    announce.renewalFailed(token.query.owner, error, passes ? token.dueAtMs : undefined)
  }

  return {
    used,
    check,
    nextTryAtMs: plans.nextTryAtMs,
    planned: plans.current,
    toggle(isEnabled): void {
      enabled = isEnabled
      check()
      plan()
    },
    close(): void {
      closed = true
      clearTimeout(timer)
      watched.clear()
    },
  }
}

/** The time of the next renewal, in milliseconds since the epoch; infinite if there is none. */
function earliestOf(watched: Iterable<Watched>): number {
  let earliestMs = Number.POSITIVE_INFINITY
  for (const { running, used, dueAtMs } of watched)
    if (used && !running) earliestMs = Math.min(earliestMs, dueAtMs)
  return earliestMs
}

/** Begins a renewal. Returns true if the network came back during the one before. */
function begin(token: Watched): boolean {
  const { cameOnline } = token
  token.running = true
  token.cameOnline = false
  return cameOnline
}

/** The network is back: a renewal that failed is due, and one that runs is repeated if it fails. */
function noteOnline(token: Watched, nowMs: number): void {
  if (token.failures > 0) token.dueAtMs = token.retryAtMs ?? nowMs
  token.cameOnline = token.running
}

/** Sets the next attempt for a token whose renewal failed for a reason that passes. */
function postpone(token: Watched, error: AuthError, nowMs: number, isOnline: boolean): void {
  token.failures += 1
  token.retryAtMs = error.retryAtMs
  token.plannedAtMs = nowMs
  const { issuedAtMs, expiresAtMs } = token.record
  const waitMs = retryMs(token.failures, expiresAtMs - issuedAtMs, Math.random())
  // The browser may be wrong about being offline, so there are attempts all the same, though not often.
  const isGone = error.code === 'offline' || !isOnline
  const backedOffMs = nowMs + (isGone ? Math.max(waitMs, OFFLINE_WAIT_MS) : waitMs)
  const nextMs = token.cameOnline ? nowMs : backedOffMs
  token.dueAtMs = Math.max(nextMs, error.retryAtMs ?? 0)
}
