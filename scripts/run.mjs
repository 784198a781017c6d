/** Runs the commands of the project in the same way on every machine. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('..', import.meta.url))

/** Runs a command in the repository. Returns true if it succeeds. */
export function run(command, args, env = {}) {
  console.log(`\n> ${command} ${args.join(' ')}`)
  const { status } = spawnSync(command, args, {
    cwd: repository,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  })
  return status === 0
}

/** Runs a tool of the workspace. */
export const tool = (name, args, env) => run('npx', ['--no-install', name, ...args], env)

/** Installs the lockfile with the version of pnpm in package.json. */
export function install() {
  const { config } = JSON.parse(readFileSync(`${repository}/package.json`, 'utf8'))
  return run('npx', ['--yes', `pnpm@${config.pnpm}`, 'install', '--frozen-lockfile'])
}
