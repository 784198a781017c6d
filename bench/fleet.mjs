/** `npm run fleet`: simulates one million sessions and an outage of their provider. */
import { repository, tool } from '../scripts/run.mjs'
import { load } from './load.mjs'

if (!tool('tsc', ['-b', 'tsconfig.build.json'])) process.exit(1)
const { runFleet } = await load('fleet/run')
process.exitCode = runFleet(`${repository}/docs/fleet.svg`) ? 0 : 1
