/** Writes the tables and the plot from `bench/results.json`: to `bench/README.md`, `bench/results.svg`, `README.md`. */
import { repository, tool } from '../scripts/run.mjs'
import { load } from './load.mjs'

const { writeReport } = await load('report/write')
const written = writeReport(repository)
if (!tool('biome', ['check', '--write', ...written])) process.exitCode = 1
