/** `npm run bench`: builds, measures, prints and writes the results. */
import { repository, run, tool } from '../scripts/run.mjs'
import { load } from './load.mjs'

// Measure the built packages, as apps install them.
if (!tool('tsc', ['-b', 'tsconfig.build.json'])) process.exit(1)

const bench = await load('run')
const { parseOptions } = await load('options')
try {
  const options = parseOptions(process.argv.slice(2), bench.measureNames)
  await bench.run(repository, options)
  if (options.write && !run('node', ['bench/report.mjs'])) process.exitCode = 1
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
