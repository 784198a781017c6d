import type { LogLevel } from '@carnet/core'
import { startPatientTimer } from './patient-timer.ts'

/** Knows whether a store answers. */
export interface Availability {
  isDown(): boolean
  /** False while the store is down, except once per interval: then the operation is a probe. */
  mayTry(): boolean
  /** Runs an operation with a limit for its time. `undefined` if the store is down or fails. */
  attempt<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined>
  /** Runs an operation with a limit for its time. */
  timed<T>(work: Promise<T>): Promise<T>
  failed(error: unknown): void
  /** The mean time of the last operations, in milliseconds; `undefined` before the first one. */
  latencyMs(): number | undefined
  close(): void
}

interface AvailabilityDeps {
  readonly timeoutMs: number
  readonly monotonicMs: () => number
  readonly log: (level: LogLevel, message: string) => void
  /** A cheap operation on the store. */
  readonly probe: () => Promise<unknown>
  /** Called after each operation that the store answered. */
  readonly onAnswer: () => void
}

/** While the store is down, it is tried again at this interval. */
const PROBE_MS = 1000

/** The weight of the latest operation in the mean of the latency. */
const LATEST = 0.1

/** Counts a store as down after a failure, until an operation succeeds again. */
export function createAvailability(deps: AvailabilityDeps): Availability {
  const { timeoutMs, monotonicMs, log, probe, onAnswer } = deps
  let isDown = false
  let probedAtMs = 0
  let probing: NodeJS.Timeout | undefined
  let latencyMs: number | undefined

  // Each read passes here, and `Promise.race` with `finally` would take several microseconds.
  const timed = <T>(work: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const late = () => reject(new Error(`no answer within ${timeoutMs} ms`))
      const timer = startPatientTimer(late, timeoutMs, monotonicMs)
      work.then(
        (value) => {
          clearTimeout(timer)
          resolve(value)
        },
        (error) => {
          clearTimeout(timer)
          reject(error)
        },
      )
    })

  function stopProbing(): void {
    clearInterval(probing)
    probing = undefined
  }

  function answered(): void {
    if (isDown) log('info', 'The store answers again.')
    isDown = false
    stopProbing()
    onAnswer()
  }

  function failed(error: unknown): void {
    // Without calls of the app, the missed writes must reach the store too.
    probing ??= setInterval(() => void timed(probe()).then(answered, failed), PROBE_MS).unref()
    if (isFull(error)) return
    if (!isDown)
      log('warn', `The store does not answer, and memory serves alone: ${textOf(error)}.`)
    isDown = true
    probedAtMs = monotonicMs()
  }

  function mayTry(): boolean {
    if (!isDown) return true
    if (monotonicMs() - probedAtMs < PROBE_MS) return false
    probedAtMs = monotonicMs()
    return true
  }

  return {
    isDown: () => isDown,
    mayTry,
    timed,
    failed,
    async attempt(work) {
      if (!mayTry()) return undefined
      try {
        const beganMs = monotonicMs()
        const value = await timed(work())
        const tookMs = monotonicMs() - beganMs
        latencyMs = latencyMs === undefined ? tookMs : latencyMs + LATEST * (tookMs - latencyMs)
        answered()
        return { value }
      } catch (error) {
        failed(error)
        return undefined
      }
    },
    latencyMs: () => latencyMs,
    close: stopProbing,
  }
}

/** True if Redis refuses a write because its memory is full. It still answers reads. */
const isFull = (error: unknown): boolean => /\bOOM\b/.test(textOf(error))

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
