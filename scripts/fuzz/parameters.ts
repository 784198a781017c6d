import type { Parameters } from 'fast-check'

const seconds = Number(process.env.CARNET_FUZZ_SECONDS ?? 0)

/** The timeout of a test in `*.fuzz.test.ts`, in milliseconds. */
export const FUZZ_TIMEOUT_MS = (seconds + 60) * 1000

/** The number of values per property: few in a test run, as many as the time allows in `npm run fuzz`. */
export function fuzzParameters<T>(): Parameters<T> {
  if (seconds === 0) return { numRuns: 150 }
  return {
    seed: Number(process.env.CARNET_FUZZ_SEED),
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  }
}
