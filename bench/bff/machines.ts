import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../scripts/free-port.mjs'

/** A process with the web app of `examples/`. */
export interface Machine {
  readonly port: number
  /** Kills it with -9, and starts it again after the pause. */
  killFor(pauseMs: number): Promise<void>
  end(): Promise<void>
}

/**
 * Prepares machines. Their ports are known before they start.
 *
 * @param file The bundled `examples/web-app.ts`.
 */
export async function prepareMachines(file: string, count: number) {
  const ports = await Promise.all(Array.from({ length: count }, () => freePort()))
  return {
    ports,
    start: (env: NodeJS.ProcessEnv) =>
      Promise.all(ports.map((port) => startMachine(file, port, { ...process.env, ...env }))),
  }
}

async function startMachine(file: string, port: number, env: NodeJS.ProcessEnv): Promise<Machine> {
  let child: ChildProcess

  async function start(): Promise<void> {
    child = spawn(process.execPath, [file], {
      env: { ...env, PORT: String(port), NODE_NO_WARNINGS: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    while (!(await isUp(port))) {
      if (child.exitCode !== null) throw new Error('A machine could not start.')
      await sleep(100)
    }
  }

  async function end(): Promise<void> {
    const ended = once(child, 'exit')
    if (child.kill('SIGKILL')) await ended
  }

  await start()
  return {
    port,
    end,
    async killFor(pauseMs) {
      await end()
      await sleep(pauseMs)
      await start()
    },
  }
}

const isUp = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )
