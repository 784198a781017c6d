/** Runs the project's own commands, the same way on every machine. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('..', import.meta.url))

/** Runs a command in the repository and says whether it went well. */
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

/** Installs what the lockfile names, with the pnpm that package.json names. */
export function install() {
  const { config } = JSON.parse(readFileSync(`${repository}/package.json`, 'utf8'))
  return run('npx', ['--yes', `pnpm@${config.pnpm}`, 'install', '--frozen-lockfile'])
}
