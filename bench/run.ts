import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createWorld } from './driver/world.ts'
import { createSamples } from './figures/figures.ts'
import { describeRun } from './figures/results.ts'
import { apiCalls } from './measures/api-calls.ts'
import { cpu } from './measures/cpu.ts'
import { expired } from './measures/expired.ts'
import { firstAccesses } from './measures/first-accesses.ts'
import { loads } from './measures/loads.ts'
import { memory } from './measures/memory.ts'
import { signIns } from './measures/sign-ins.ts'
import { survival } from './measures/survival.ts'
import { warmHits } from './measures/warm-hits.ts'
import type { Options } from './options.ts'
import { goalLines } from './report/goals.ts'
import { tableOf } from './report/table.ts'

const measures = [loads, warmHits, apiCalls, firstAccesses, cpu, memory, signIns, expired, survival]

/** The valid names for `--only`. */
export const measureNames: readonly string[] = measures.map(({ name }) => name)

/** Runs the bench and prints the results. A missed goal is listed, but is not a failure. */
export async function run(repository: string, { quick, only, write }: Options): Promise<void> {
  const samples = createSamples()
  const world = await createWorld(repository)
  try {
    for (const { name, rounds, quickRounds, run } of measures) {
      if (only !== undefined && name !== only) continue
      const beganMs = performance.now()
      await run(world, samples, quick ? quickRounds : rounds)
      console.log(`${name}: ${Math.round((performance.now() - beganMs) / 1000)} s`)
    }
  } finally {
    await world.close()
  }
  const results = describeRun(repository, quick, samples.summarize())
  console.log(`\n${tableOf(results)}\n\n${goalLines(results.figures)}`)
  if (!write) return
  const file = join(repository, 'bench/results.json')
  // The results of services are in the same file.
  const { node } = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, `${JSON.stringify({ ...results, node }, null, 2)}\n`)
}
