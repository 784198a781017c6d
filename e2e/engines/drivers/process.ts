import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Running {
  readonly process: ChildProcess
  /** Ends the process and waits for its exit. */
  stop(): Promise<void>
}

/** Starts a program. It ends when the test process ends, at the latest. */
export function start(program: string, args: readonly string[], options: SpawnOptions): Running {
  const process_ = spawn(program, args, { stdio: 'ignore', ...options })
  const kill = () => process_.kill('SIGKILL')
  process.once('exit', kill)
  // Without a listener, a failed start would end the test process.
  process_.once('error', () => undefined)
  return {
    process: process_,
    async stop() {
      process.off('exit', kill)
      if (process_.exitCode !== null || process_.signalCode !== null || !process_.pid) return
      const ended = once(process_, 'exit')
      process_.kill()
      const timer = setTimeout(kill, 5000)
      await ended
      clearTimeout(timer)
    },
  }
}
