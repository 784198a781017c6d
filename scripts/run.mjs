/** Runs the commands of the project in the same way on every machine. */
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readFileSync } from 'node:fs'
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

/** Starts a tool of the workspace beside other steps; see `start`. */
export const startTool = (name, args, log) => start('npx', ['--no-install', name, ...args], log)

/**
 * Starts a command in the repository beside other steps. Returns a function that waits for its end, prints its output, and returns
 * true if it succeeded. The output goes to a file: a step that runs meanwhile could not read a pipe.
 */
export function start(command, args, log) {
  const output = openSync(log, 'w')
  const child = spawn(command, args, {
    cwd: repository,
    stdio: ['ignore', output, output],
    shell: process.platform === 'win32',
  })
  closeSync(output)
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve(false))
    child.once('exit', (status) => resolve(status === 0))
  })
  return async () => {
    const ok = await ended
    console.log(`\n> ${command} ${args.join(' ')}\n${readFileSync(log, 'utf8')}`)
    return ok
  }
}

/** Installs the lockfile with the version of pnpm in package.json. */
export function install() {
  const { config } = JSON.parse(readFileSync(`${repository}/package.json`, 'utf8'))
  return run('npx', ['--yes', `pnpm@${config.pnpm}`, 'install', '--frozen-lockfile'])
}
