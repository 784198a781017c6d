/** Installs, builds, and serves the demo with the embedded provider. */
import { install, run, tool } from './run.mjs'

const ok = install() && tool('tsc', ['-b', 'tsconfig.build.json'])
process.exit(ok && run('node', ['scripts/serve.mjs']) ? 0 : 1)
