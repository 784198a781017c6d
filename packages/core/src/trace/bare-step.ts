import type { TraceStep } from '../platform/trace-step.ts'

/** A step in production builds has its codes only. */
export const namedStep = (step: TraceStep): TraceStep => step
