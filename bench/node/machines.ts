import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { ServiceSetting } from './services.ts'
import type { Outcome, WorkerCall } from './worker.ts'

/** A process of the bench. */
export interface Machine {
  readonly process: ChildProcess
  ask(method: WorkerCall['method'], fields?: Omit<WorkerCall, 'id' | 'method'>): Promise<unknown>
  burst(fields: Omit<WorkerCall, 'id' | 'method'>): Promise<Outcome>
  stopLoad(): Promise<Outcome>
  end(): Promise<void>
}

/** Starts a process with a service. @param worker The bundled `worker.ts`. */
export async function startMachine(worker: string, setting: ServiceSetting): Promise<Machine> {
  const child = fork(worker, [JSON.stringify(setting)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // The provider has a self-signed certificate.
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' },
  })
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let calls = 0
  const reply = (id: number) =>
    new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }))
  const ready = reply(0)
  child.on(
    'message',
    ({ id, result, failure }: { id: number; result?: unknown; failure?: string }) => {
      const one = waiting.get(id)
      waiting.delete(id)
      if (failure === undefined) one?.resolve(result)
      else one?.reject(new Error(failure))
    },
  )
  child.on('exit', () => {
    for (const { reject } of waiting.values()) reject(new Error('the process has ended'))
  })
  await ready

  function ask(method: WorkerCall['method'], fields = {}): Promise<unknown> {
    calls += 1
    const answer = reply(calls)
    child.send({ id: calls, method, ...fields } satisfies WorkerCall)
    return answer
  }
  return {
    process: child,
    ask,
    burst: async (fields) => (await ask('burst', fields)) as Outcome,
    stopLoad: async () => (await ask('stop')) as Outcome,
    async end() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
