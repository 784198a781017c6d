import {
  type AccessTokenRecord,
  type AcquireOptions,
  AuthError,
  arrivedAtMs,
  covers,
  isTransient,
  renewalAtMs,
  retryMs,
  type SilentAnswer,
  type TokenQuery,
} from '@carnet/core'
import type { PlannedRenewal } from '../api/planned-renewal.ts'
import type { Runtime } from '../context/runtime.ts'
import { createWatchedTokens, purposeOf, type Watched } from './watched-tokens.ts'

/** The longest timer: laptops sleep, clocks jump, and hidden tabs are throttled. */
const LONGEST_SLEEP_MS = 60_000

/** The shortest time between two renewals of one token, for any lifetime. */
const SHORTEST_INTERVAL_MS = 1000

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
  /** Stops all renewals. */
  close(): void
}

/**
 * Creates the renewer. It renews each used token before it expires, so that no caller waits. The refresh lock decides which tab
 * renews; the other tabs find the new token in the store.
 */
export function createRenewer(
  { config, platform, accounts, page, announce }: Runtime,
  renew: (query: TokenQuery, options: AcquireOptions) => Promise<SilentAnswer>,
): Renewer {
  const leadMs = config.renewal.leadTimeMs
  const watched = createWatchedTokens()
  const byRecord = new WeakMap<AccessTokenRecord, Watched>()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** The time at which the timer fires, by the clock of the app. */
  let wakesAtMs = Number.POSITIVE_INFINITY
  let closed = false
  let planned: readonly PlannedRenewal[] = Object.freeze([])

  /** Notes that a token was returned. Called for every answer, so it must be very fast. */
  function used(query: TokenQuery, record: AccessTokenRecord): void {
    const known = byRecord.get(record)
    const nowMs = platform.now()
    if (known?.used && (known.running || nowMs < known.dueAtMs)) return
    const isRenewed = config.renewal.enabled && !closed && query.claims === undefined
    if (!known && !isRenewed) return
    const isNews = known ? !known.used : watch(query, record)
    if (known) known.used = true
    const { dueAtMs = 0 } = byRecord.get(record) ?? {}
    // A plan visits every token, so the timer is kept if it fires early enough.
    if (!(nowMs <= wakesAtMs && wakesAtMs <= dueAtMs)) plan()
    else if (isNews) tell()
  }

  /**
   * Watches a token. If one of two queries contains the scopes of the other, only the broader query is watched.
   *
   * @returns True if the plans changed.
   */
  function watch(query: TokenQuery, record: AccessTokenRecord, isUsed = true): boolean {
    for (const other of watched.related(query)) {
      if (other.record.token === record.token && covers(other.query.scopes, query.scopes)) {
        const isNews = isUsed && !other.used
        other.used ||= isUsed
        byRecord.set(record, other) // The same token, read again.
        return isNews
      }
      if (covers(query.scopes, other.query.scopes)) watched.delete(other)
    }
    const plannedAtMs = platform.now()
    const dueAtMs = Math.max(
      renewalAtMs(record, leadMs, Math.random()),
      plannedAtMs + SHORTEST_INTERVAL_MS,
    )
    const fresh = { query, record, dueAtMs, plannedAtMs, used: isUsed, failures: 0, running: false }
    watched.add(fresh)
    byRecord.set(record, fresh)
    return true
  }

  /**
   * Starts the renewals that are due by the clock of the app, and sets the timer for the next renewal. `isBackOnline` retries
   * failed renewals at once, except during a `Retry-After`.
   */
  function check(isBackOnline = false): void {
    const nowMs = platform.now()
    for (const token of watched.values()) {
      if (isBackOnline && token.failures > 0) token.dueAtMs = token.retryAtMs ?? nowMs
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
    wakesAtMs = Number.POSITIVE_INFINITY
    for (const { running, used, dueAtMs } of watched.values())
      if (used && !running) wakesAtMs = Math.min(wakesAtMs, dueAtMs)
    if (closed || wakesAtMs === Number.POSITIVE_INFINITY) return
    const nowMs = platform.now()
    wakesAtMs = Math.min(wakesAtMs, nowMs + LONGEST_SLEEP_MS)
    timer = setTimeout(() => check(), wakesAtMs - nowMs)
  }

  function tellIfPlansChanged(): void {
    const before = planned
    if (currentPlans() !== before) tell()
  }

  /** Emits `changed` in a microtask, because a token is being returned to its caller now. */
  const tell = () => queueMicrotask(() => closed || announce.changed())

  /** The planned renewals. The array is frozen, and stays the same until an entry changes. */
  function currentPlans(): readonly PlannedRenewal[] {
    const next = living().map(planOf)
    const isSame = next.length === planned.length && next.every(isEqualTo(planned))
    if (!isSame) planned = Object.freeze(next)
    return planned
  }

  async function renewOne(token: Watched, insists: boolean): Promise<void> {
    token.running = true
    try {
      const newerThanMs = arrivedAtMs(token.record)
      const { record } = await renew({ ...token.query, insists }, { newerThanMs })
      if (watched.delete(token)) watch(token.query, record, false)
    } catch (error) {
      fail(token, error)
    } finally {
      token.running = false
      plan()
    }
  }

  function fail(token: Watched, error: unknown): void {
    const passes = isTransient(error)
    if (passes) {
      token.failures += 1
      token.retryAtMs = error.retryAtMs
      token.plannedAtMs = platform.now()
      const { issuedAtMs, expiresAtMs } = token.record
      const waitMs = retryMs(token.failures, expiresAtMs - issuedAtMs, Math.random())
      // The browser may be wrong about being offline: retry anyway, but rarely.
      const isGone = error.code === 'offline' || !page.isOnline()
      const backedOffMs = token.plannedAtMs + (isGone ? Math.max(waitMs, OFFLINE_WAIT_MS) : waitMs)
      token.dueAtMs = Math.max(backedOffMs, error.retryAtMs ?? 0)
    } else watched.delete(token)
    if (!(error instanceof AuthError) || closed) return
    platform.log('warn', `A renewal failed: ${error.code}.`)
    announce.renewalFailed(token.query.owner, error, passes ? token.dueAtMs : undefined)
  }

  /** The watched tokens of signed-in accounts that are used, or not yet expired. */
  const living = () =>
    [...watched.values()].filter(
      ({ query, used: isUsed, record }) =>
        accounts.record(query.owner) && (isUsed || platform.now() < record.expiresAtMs),
    )

  return {
    used,
    check,
    nextTryAtMs: (query: TokenQuery): number | undefined =>
      living().find(
        (token) =>
          token.used &&
          purposeOf(token.query) === purposeOf(query) &&
          covers(token.query.scopes, query.scopes) &&
          token.dueAtMs > platform.now(),
      )?.dueAtMs,
    planned: currentPlans,
    close(): void {
      closed = true
      clearTimeout(timer)
      watched.clear()
    },
  }
}

const planOf = ({ query, record, dueAtMs, used }: Watched): PlannedRenewal =>
  Object.freeze({
    account: query.owner,
    resource: record.resource,
    scopes: record.grantedTexts ?? record.grantedScopes,
    renewOn: new Date(dueAtMs),
    expiresOn: new Date(record.expiresAtMs),
    used,
  })

const isEqualTo =
  (others: readonly PlannedRenewal[]) =>
  (plan: PlannedRenewal, index: number): boolean => {
    const other = others[index]
    return (
      plan.account === other?.account &&
      plan.resource === other.resource &&
      plan.scopes === other.scopes &&
      plan.used === other.used &&
      plan.renewOn.getTime() === other.renewOn.getTime() &&
      plan.expiresOn.getTime() === other.expiresOn.getTime()
    )
  }
