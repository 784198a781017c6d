import { namedStep } from '#named-step'
import { isAuthError } from '../errors/errors.ts'
import { OUTCOME, type OutcomeCode, type StepCode, type TraceStep } from '../platform/trace-step.ts'

/** The steps of all calls of one client. */
export interface Trace {
  /**
   * Begins the trace of a call.
   *
   * @param earlier The steps of the call that led to this one.
   */
  begin(earlier?: Steps): CallTrace
}

/** Reads steps when the app looks at them. */
export type Steps = () => readonly TraceStep[]

/** The steps of one call. */
export interface CallTrace {
  /** The instant to pass to `note` when the step ends. */
  now(): number
  /** Notes a step that ends now. */
  note(step: StepCode, outcome: OutcomeCode, sinceMs: number): void
  /** The steps of the call that the ring still holds, in the order of their ends. */
  readonly steps: Steps
}

/** The number of steps in the ring, of all calls. A new step replaces the oldest step. */
const CAPACITY = 200
/** A step has four numbers: its call, its code, its outcome, its milliseconds. */
const WIDTH = 4

/** @param nowMs A monotonic clock. */
export function createTrace(nowMs: () => number): Trace {
  const ring = new Float64Array(CAPACITY * WIDTH)
  let noted = 0
  let begun = 0

  return {
    begin(earlier) {
      begun += 1
      const call = begun
      return {
        now: nowMs,
        note(step, outcome, sinceMs) {
          ring.set([call, step, outcome, nowMs() - sinceMs], (noted % CAPACITY) * WIDTH)
          noted += 1
        },
        steps() {
          const found = [...(earlier?.() ?? [])]
          for (let index = Math.max(0, noted - CAPACITY); index < noted; index += 1) {
            const at = (index % CAPACITY) * WIDTH
            const [whose, step, outcome, ms = 0] = ring.subarray(at, at + WIDTH)
            if (whose === call)
              found.push(namedStep({ step: step as StepCode, outcome: outcome as OutcomeCode, ms }))
          }
          return found
        },
      }
    },
  }
}

/** Runs `work` as a step of a call, and notes its outcome. An error keeps the trace of the first call that it ends. */
export async function traced<T>(
  trace: CallTrace | undefined,
  step: StepCode,
  work: () => Promise<T>,
  outcomeOf: (result: T) => OutcomeCode = () => OUTCOME.done,
): Promise<T> {
  if (!trace) return work()
  const sinceMs = trace.now()
  try {
    const result = await work()
    trace.note(step, outcomeOf(result), sinceMs)
    return result
  } catch (error) {
    trace.note(step, OUTCOME.failed, sinceMs)
    throw keepTrace(error, trace.steps)
  }
}

/** Gives an error of Carnet its trace, unless it has one. Calls that share a failure share its trace. */
export function keepTrace<T>(error: T, steps: Steps): T {
  // Not enumerable, so that logs and JSON leave it out.
  if (isAuthError(error) && !Object.hasOwn(error, 'trace'))
    Object.defineProperty(error, 'trace', { get: steps })
  return error
}

/** The steps that an error knows of. */
export const stepsOf = (error: unknown): Steps | undefined =>
  isAuthError(error) ? () => error.trace : undefined

/** The outcome of a look-up. */
export const hitOrMiss = (found: unknown): OutcomeCode => (found ? OUTCOME.hit : OUTCOME.miss)
