/**
 * The traces of answers that need no engine. A page loads this first, so that it takes no notes, and has the codes of
 * `STEP` and `OUTCOME` in digits.
 */
import { namedStep } from '#named-step'
import type { TraceStep } from '../platform/trace-step.ts'

/** The trace of an answer that memory held. Its step is shorter than a tick of the clock. */
export const traceOfMemory = (): TraceStep[] => [namedStep({ step: 0, outcome: 0, ms: 0 })]

/**
 * The trace of an answer that the store held.
 *
 * @param ms The duration of the look-up in the store.
 */
export const traceOfStore = (ms: number): TraceStep[] => [
  namedStep({ step: 0, outcome: 1, ms: 0 }),
  namedStep({ step: 1, outcome: 0, ms }),
]
