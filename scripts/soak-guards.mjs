/**
 * Visits the guarded page of the app of each binding and of each router again and again: `npm run soak:guards`, with 100 rounds for each
 * app. `--rounds 20` changes the number. All further arguments go to Playwright. It prints a table, and fails over a single wrong round.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { repository, tool } from './run.mjs'

const [, , ...given] = process.argv
const at = given.indexOf('--rounds')
const count = at < 0 ? '100' : given.splice(at, 2)[1]
const table = `${repository}/.cache/guard-soak.jsonl`
mkdirSync(`${repository}/.cache`, { recursive: true })
rmSync(table, { force: true })
const args = ['test', '--retries=0', '--project=page', 'bindings/guard-soak', ...given]
const isGood = tool('playwright', args, {
  ...{ CARNET_ROUNDS: count, CARNET_STORIES: 'all', CARNET_SOAK_TABLE: table },
})
const rows = existsSync(table) ? readFileSync(table, 'utf8').trim().split('\n') : []
console.table(rows.map((row) => JSON.parse(row)))
process.exit(isGood ? 0 : 1)
