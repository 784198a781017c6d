/** The codes of the steps. `docs/traces.md` lists them for apps. */
export const STEP = {
  memory: 0,
  store: 1,
  flight: 2,
  lock: 3,
  refresh: 4,
  iframe: 5,
  interaction: 6,
} as const

/** The codes of the outcomes. A step that `joined` waited for the same work of another call. */
export const OUTCOME = { hit: 0, miss: 1, joined: 2, done: 3, failed: 4 } as const

/** The name of a step. */
export type TraceStepName = keyof typeof STEP
/** The name of an outcome. */
export type TraceOutcomeName = keyof typeof OUTCOME
export type StepCode = (typeof STEP)[TraceStepName]
export type OutcomeCode = (typeof OUTCOME)[TraceOutcomeName]

/** One step of a token call. No field accepts a text from outside, so a step cannot hold a secret. */
export interface TraceStep {
  /** 0 memory, 1 store, 2 flight, 3 lock, 4 refresh, 5 iframe, 6 interaction. */
  readonly step: StepCode
  /** 0 hit, 1 miss, 2 joined, 3 done, 4 failed. */
  readonly outcome: OutcomeCode
  /** The duration in milliseconds. */
  readonly ms: number
  /** The two codes in words. Only development builds have them. */
  readonly names?: readonly [step: TraceStepName, outcome: TraceOutcomeName]
}
