/** `npm run bench`: builds, measures, prints and writes the results. */

import { findRedis } from '../scripts/redis.mjs'
import { repository, run, tool } from '../scripts/run.mjs'
import { bundled, load } from './load.mjs'

// Measure the built packages, as apps install them.
if (!tool('tsc', ['-b', 'tsconfig.build.json'])) process.exit(1)

const SERVICES = 'node'
const URLS = 'urls'

const bench = await load('run')
const { parseOptions } = await load('options')
try {
  const options = parseOptions(process.argv.slice(2), [...bench.measureNames, SERVICES, URLS])
  const { only, quick } = options
  const isOfBrowser = only !== SERVICES && only !== URLS
  if (isOfBrowser) await bench.run(repository, options)
  if (only === URLS || only === undefined) await compareMatchers(options.write)
  if (only === SERVICES || only === undefined) await measureServices(quick, options.write)
  if (options.write && isOfBrowser && !run('node', ['bench/report.mjs'])) process.exitCode = 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
}

/** Measures `@carnet/node` beside MSAL for Node: real processes, a real Redis, the embedded provider. */
async function measureServices(quick, write) {
  if (!findRedis()) return console.log('No redis-server was found: services were not measured.')
  const { runServices } = await load('node/run')
  const worker = await bundled('node/worker')
  await runServices(repository, { quick, write, worker })
  // These tables are short: one command formats them.
  if (write) tool('biome', ['check', '--write', 'bench/results.json', 'bench/README.md'])
}

/** Sends the URL table by the matchers of other libraries. */
async function compareMatchers(write) {
  const { runUrls } = await load('urls/run')
  await runUrls(repository, { write })
  if (write) tool('biome', ['check', '--write', 'README.md', 'bench/README.md'])
}
