/**
 * `npm run soak:services`: ten minutes of `@carnet/node` with processes that are killed and frozen. `-- --minutes 2` for a trial.
 * It fails if a session is lost, or an answer is about another user.
 */
import { parseArgs } from 'node:util'
import { findRedis } from '../scripts/redis.mjs'
import { tool } from '../scripts/run.mjs'
import { bundled, load } from './load.mjs'

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' } } })
if (!findRedis()) {
  console.log('No redis-server was found: the soak of services did not run.')
  process.exit(1)
}
if (!tool('tsc', ['-b', 'tsconfig.build.json'])) process.exit(1)
const { soakServices } = await load('node/soak')
process.exitCode = (await soakServices(await bundled('node/worker'), Number(values.minutes)))
  ? 0
  : 1
