import { quantile } from './quantile.ts'

/** Microseconds. */
export interface WarmHits {
  readonly p50: number
  readonly p99: number
}

const BATCH = 200

/** Above this the clock is fine enough for single calls: it ticks every 5 µs in isolated pages. */
const FAST_US = 100

/**
 * Calls `silent` over and over. Each call is timed for the p99; where calls are faster than the clock can tell,
 * as many are timed again in batches for the p50.
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

/** Times each call beside all others, so that what the machine does meanwhile hits all of them. Microseconds. */
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

/** The median over batches of the mean of a call within one, in microseconds. */
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
