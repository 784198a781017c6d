import { backoffMs, renewalAtMs, retryMs } from '@carnet/core'

/** A fleet of sessions at one provider, and an outage of that provider. All times are in milliseconds. */
export interface Fleet {
  readonly sessions: number
  readonly lifetimeMs: number
  /** The option `renewal.leadTimeMs` of the client. */
  readonly leadMs: number
  /** The share of sessions whose app calls for a token again and again. All other sessions renew in the background only. */
  readonly activeShare: number
  /** The time between two calls of an active app. */
  readonly callEveryMs: number
  readonly outageFromMs: number
  readonly outageForMs: number
  readonly untilMs: number
  readonly seed: number
}

/** The fleet of the command `npm run fleet`: an hour of steady load, ten minutes of outage, two hours after it. */
export const DEFAULT_FLEET: Fleet = {
  sessions: 1_000_000,
  lifetimeMs: 3_600_000,
  leadMs: 300_000,
  activeShare: 0.02,
  callEveryMs: 30_000,
  outageFromMs: 3_600_000,
  outageForMs: 600_000,
  untilMs: 3_600_000 + 600_000 + 7_200_000,
  seed: 1,
}

/** Callers wait at most this long between two tries (`renewal/pauses.ts` of the core). */
const LONGEST_CALLER_WAIT_MS = 10_000

/** A generator of numbers from 0 to 1 that gives the same numbers for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Events by second. Each event is the number of a session, or of a session plus `sessions` for a call of its app. */
function createCalendar(seconds: number) {
  const days: number[][] = Array.from({ length: seconds + 1 }, () => [])
  return {
    add(atMs: number, event: number): void {
      days[Math.floor(atMs / 1000)]?.push(event)
    },
    at: (second: number): readonly number[] => days[second] ?? [],
    drop(second: number): void {
      days[second] = []
    },
  }
}

/**
 * Runs a fleet with the schedule and the backoff of the library.
 *
 * @returns The requests to the provider in each second, with the failed requests.
 */
export function simulate(fleet: Fleet): Uint32Array {
  const { sessions, lifetimeMs, leadMs, untilMs, outageFromMs, outageForMs, callEveryMs } = fleet
  const seconds = Math.ceil(untilMs / 1000)
  const random = createRandom(fleet.seed)
  const calendar = createCalendar(seconds)
  const requests = new Uint32Array(seconds + 1)
  const dueAtMs = new Float64Array(sessions)
  const expiresAtMs = new Float64Array(sessions)
  const failures = new Uint16Array(sessions)
  const active = Math.round(sessions * fleet.activeShare)
  const isDown = (atMs: number) => atMs >= outageFromMs && atMs < outageFromMs + outageForMs

  function plan(session: number, atMs: number): void {
    dueAtMs[session] = atMs
    calendar.add(atMs, session)
  }

  function receive(session: number, issuedAtMs: number): void {
    const token = { issuedAtMs, expiresAtMs: issuedAtMs + lifetimeMs }
    failures[session] = 0
    expiresAtMs[session] = token.expiresAtMs
    plan(session, renewalAtMs(token, leadMs, random()))
    // An app that calls all the time asks the provider only if its token has expired.
    if (session < active)
      calendar.add(token.expiresAtMs + random() * callEveryMs, session + sessions)
  }

  /** Sends one request. @returns True if the provider responded with a token. */
  function ask(session: number, atMs: number): boolean {
    const second = Math.floor(atMs / 1000)
    requests[second] = (requests[second] ?? 0) + 1
    if (isDown(atMs)) return false
    receive(session, atMs)
    return true
  }

  function renew(session: number, second: number): void {
    const atMs = dueAtMs[session] ?? 0
    // A call of the app may have acquired a newer token, with a later renewal.
    if (Math.floor(atMs / 1000) !== second || ask(session, atMs)) return
    const attempt = (failures[session] ?? 0) + 1
    failures[session] = attempt
    plan(session, atMs + retryMs(attempt, lifetimeMs, random()))
  }

  function call(session: number, second: number): void {
    const atMs = second * 1000 + random() * 1000
    if (atMs < (expiresAtMs[session] ?? 0) || ask(session, atMs)) return
    const pauseMs = Math.min(LONGEST_CALLER_WAIT_MS, backoffMs(failures[session] ?? 1, random()))
    calendar.add(atMs + Math.max(callEveryMs, pauseMs), session + sessions)
  }

  const spreadMs = lifetimeMs - leadMs
  for (let session = 0; session < sessions; session += 1) receive(session, -random() * spreadMs)
  for (let second = 0; second <= seconds; second += 1) {
    // The list may grow during the loop: a quick retry may be due in the same second.
    for (const event of calendar.at(second))
      if (event < sessions) renew(event, second)
      else call(event - sessions, second)
    calendar.drop(second)
  }
  return requests
}

export interface Load {
  /** Requests per second before the outage, on average. */
  readonly steady: number
  /** The highest rate after the outage: requests per second, averaged over ten seconds. */
  readonly peakAfter: number
  /** Requests per second in each ten seconds of the run. */
  readonly rates: readonly number[]
}

export const WINDOW_SECONDS = 10

/** Reads the load of a run. The first tenth of the steady time does not count, because the rate is not steady yet. */
export function loadOf(requests: Uint32Array, { outageFromMs, outageForMs }: Fleet): Load {
  const rates: number[] = []
  for (let second = 0; second + WINDOW_SECONDS < requests.length; second += WINDOW_SECONDS) {
    const sum = requests.slice(second, second + WINDOW_SECONDS).reduce((a, b) => a + b, 0)
    rates.push(sum / WINDOW_SECONDS)
  }
  const windowOf = (ms: number) => Math.floor(ms / 1000 / WINDOW_SECONDS)
  const before = rates.slice(windowOf(outageFromMs / 10), windowOf(outageFromMs))
  const after = rates.slice(windowOf(outageFromMs + outageForMs))
  return {
    steady: before.reduce((a, b) => a + b, 0) / before.length,
    peakAfter: after.reduce((a, b) => Math.max(a, b), 0),
    rates,
  }
}
