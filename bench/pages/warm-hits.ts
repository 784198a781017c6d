import { quantile } from '../figures/quantile.ts'

/** Microseconds. */
export interface WarmHits {
  readonly p50: number
  readonly p99: number
}

const BATCH = 200

/** The times of single calls are precise enough above this limit: the clock of isolated pages ticks every 5 µs. */
const FAST_US = 100

/**
 * Calls `silent` repeatedly. The p99 uses the times of single calls. If calls are faster than the clock, the p50
 * uses the times of batches.
 */
export async function measureWarmHits(
  silent: () => Promise<unknown>,
  calls: number,
): Promise<WarmHits> {
  await silent()
  const single = new Float64Array(calls)
  for (let index = 0; index < calls; index += 1) {
    const beganMs = performance.now()
    await silent()
    single[index] = (performance.now() - beganMs) * 1000
  }
  const p50 = quantile(single, 0.5)
  const p99 = quantile(single, 0.99)
  return { p50: p50 > FAST_US ? p50 : await medianOfBatches(silent, calls / BATCH, BATCH), p99 }
}

/** Times the calls in turns, so that disturbances by the machine affect all calls equally. Microseconds. */
export async function measureOrdinaryCalls(
  ordinaryCalls: Readonly<Record<string, () => Promise<unknown>>>,
  calls: number,
): Promise<Readonly<Record<string, number>>> {
  const rounds = 20
  const medians = new Map<string, number[]>()
  for (let round = 0; round < rounds; round += 1)
    for (const [name, call] of Object.entries(ordinaryCalls)) {
      const median = await medianOfBatches(call, 5, calls / rounds)
      medians.set(name, [...(medians.get(name) ?? []), median])
    }
  const entries = [...medians].map(([name, each]) => [name, quantile(Float64Array.from(each), 0.5)])
  return Object.fromEntries(entries)
}

/** The median of the batch means, in microseconds per call. */
export async function medianOfBatches(
  act: () => Promise<unknown>,
  batches: number,
  size: number,
): Promise<number> {
  const means = new Float64Array(batches)
  for (let index = 0; index < batches; index += 1) {
    const beganMs = performance.now()
    for (let call = 0; call < size; call += 1) await act()
    means[index] = ((performance.now() - beganMs) * 1000) / size
  }
  return quantile(means, 0.5)
}
