/**
 * Repeats stories whose failures are rare: `npm run soak -- survival`, with 20 rounds of each story. `--rounds 5` changes the
 * number. All further arguments go to Playwright.
 */
import { tool } from './run.mjs'

const [, , ...given] = process.argv
const at = given.indexOf('--rounds')
const count = at < 0 ? '20' : given.splice(at, 2)[1]
const projects = given.some((one) => one.startsWith('--project')) ? [] : ['--project=page']
const isGood = tool('playwright', ['test', '--retries=0', ...projects, ...given], {
  CARNET_ROUNDS: count,
  CARNET_STORIES: 'all',
})
process.exit(isGood ? 0 : 1)
