import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeMachine } from '../figures/results.ts'
import { createNotes, type ServiceFigures } from './figures.ts'
import { killsAndFreezes } from './measures/chaos.ts'
import { redisHits, shortAssertions, warmHits } from './measures/memory.ts'
import { coldBursts, refreshIn, users } from './measures/requests.ts'
import { concurrentWrites, keysAndDump, redisStopped } from './measures/stores.ts'
import { serviceTable } from './rows.ts'
import { createServiceWorld } from './world.ts'

/** Settings of a run. */
export interface ServiceRun {
  /** Few rounds and short outages, for a trial. */
  readonly quick: boolean
  /** Replaces the results in `bench/results.json` and the table in `bench/README.md`. */
  readonly write: boolean
  /** The bundled `worker.ts`. */
  readonly worker: string
}

/** Measures services, and prints the table. A missed goal is listed, but is not a failure. */
export async function runServices(repository: string, { quick, write, worker }: ServiceRun) {
  // The provider has a self-signed certificate.
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  /** Some measures only, separated by commas: their figures replace the earlier ones, and the others stay. */
  const only = (process.env.CARNET_BENCH ?? '').split(',').filter(Boolean)
  const notes = createNotes()
  const world = await createServiceWorld(worker)
  const measures: Record<string, () => Promise<void>> = {
    cold: () => coldBursts(world, notes),
    refresh: () => refreshIn(world, notes),
    writes: () => concurrentWrites(world, notes),
    users: () => users(world, notes, quick ? 200 : 1000),
    warm: () => warmHits(notes, quick),
    heap: () => shortAssertions(notes, quick),
    redis: () => redisHits(world, notes, quick),
    outage: () => redisStopped(world, notes, quick ? 5000 : 60_000),
    keys: () => keysAndDump(world, notes),
    chaos: () => killsAndFreezes(world, notes, quick ? 2 : 6),
  }
  try {
    for (const [name, measure] of Object.entries(measures)) {
      if (only.length > 0 && !only.includes(name)) continue
      const beganMs = performance.now()
      await measure()
      console.log(`${name}: ${Math.round((performance.now() - beganMs) / 1000)} s`)
    }
  } finally {
    await world.close()
  }
  const earlier = only.length > 0 ? earlierFigures(repository) : {}
  const figures = { ...earlier, ...notes.figures }
  console.log(`\n${serviceTable(figures)}\n`)
  if (write) writeResults(repository, quick, figures)
}

const earlierFigures = (repository: string): ServiceFigures =>
  JSON.parse(readFileSync(join(repository, 'bench/results.json'), 'utf8')).node?.figures ?? {}

function writeResults(repository: string, quick: boolean, figures: ServiceFigures): void {
  const file = join(repository, 'bench/results.json')
  const versionOf = (name: string) =>
    JSON.parse(readFileSync(join(repository, 'node_modules', name, 'package.json'), 'utf8')).version
  const node = {
    date: new Date().toISOString().slice(0, 10),
    quick,
    machine: describeMachine(),
    versions: {
      node: process.versions.node,
      carnet: versionOf('@carnet/node'),
      'msal-node': versionOf('@azure/msal-node'),
    },
    figures,
  }
  const results = { ...JSON.parse(readFileSync(file, 'utf8')), node }
  writeFileSync(file, `${JSON.stringify(results, null, 2)}\n`)
  const { machine, versions, date } = node
  const readme = join(repository, 'bench/README.md')
  const circumstances = `${date}, ${machine.processor}, ${machine.cores} cores, ${machine.memory}, Node ${versions.node}, @azure/msal-node ${versions['msal-node']}, Redis on the same machine.`
  const marked = /(<!-- node -->\n)[\s\S]*?(\n<!-- \/node -->)/
  const section = `${circumstances}\n\n${serviceTable(figures)}`
  const text = readFileSync(readme, 'utf8')
  writeFileSync(
    readme,
    text.replace(marked, (_all, before, after) => `${before}\n${section}\n${after}`),
  )
}
