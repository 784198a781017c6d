import {
  OUTCOME,
  STEP,
  type TraceOutcomeName,
  type TraceStep,
  type TraceStepName,
} from '../platform/trace-step.ts'

const STEPS = Object.keys(STEP) as TraceStepName[]
const OUTCOMES = Object.keys(OUTCOME) as TraceOutcomeName[]

/** Adds the words to the codes of a step. */
export function namedStep(step: TraceStep): TraceStep {
  const [name, outcome] = [STEPS[step.step], OUTCOMES[step.outcome]]
  return name && outcome ? { ...step, names: [name, outcome] } : step
}
