/**
 * `npm run soak:bff`: five minutes of a BFF with 200 users, on two machines that are killed now and then. `-- --minutes 1` and
 * `--users 20` for a trial. It fails if a user sees data of another, if a session is lost, or if an outcome is unclear.
 */
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { bundleProcess } from '../scripts/bundle-process.mjs'
import { findRedis } from '../scripts/redis.mjs'
import { repository, tool } from '../scripts/run.mjs'
import { load } from './load.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    users: { type: 'string', default: '200' },
  },
})
if (!findRedis()) {
  console.log('No redis-server was found: the soak of the BFF did not run.')
  process.exit(1)
}
if (!tool('tsc', ['-b', 'tsconfig.build.json'])) process.exit(1)
const { soakBff } = await load('bff/soak')
const machine = await bundleProcess(`${repository}/examples/web-app.ts`, {
  folder: '/.cache/bench/bff',
  external: ['redis'],
})
const size = { minutes: Number(values.minutes), users: Number(values.users) }
const isGood = await soakBff({ machine, ...size }).finally(() => rmSync(machine, { force: true }))
process.exit(isGood ? 0 : 1)
