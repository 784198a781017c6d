/** Tests the parsers and the response path with random input: `npm run fuzz -- --seconds 60 --seed 1`. */
import { parseArgs } from 'node:util'
import { tool } from './run.mjs'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, seed: { type: 'string' } },
})
const seed = values.seed ?? String(Math.floor(Math.random() * 2 ** 31))
console.log(`Testing each property for ${values.seconds} s with seed ${seed}.`)
const ok = tool('vitest', ['run', '--project', 'unit', '.fuzz.test.ts'], {
  CARNET_FUZZ_SECONDS: values.seconds,
  CARNET_FUZZ_SEED: seed,
})
console.log(ok ? 'No failures.' : `To repeat: npm run fuzz -- --seed ${seed}`)
process.exit(ok ? 0 : 1)
