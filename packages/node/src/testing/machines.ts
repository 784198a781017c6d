import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { bundleProcess } from '../../../../scripts/bundle-process.mjs'
import type { clientPackages } from './redis-clients.ts'

export interface MachineOptions {
  readonly clientId: string
  readonly secret: string
  readonly authority: string
  readonly profile: 'entra' | 'oidc'
  readonly keys: string
  readonly redisUrl?: string
  readonly redisPackage?: (typeof clientPackages)[number]
  readonly folder?: string
  readonly lockMs?: number
  readonly cache?: object
  readonly requestTimeoutMs?: number
}

export interface MachineCall {
  readonly id: number
  readonly method: 'app' | 'obo' | 'begin' | 'session' | 'advance' | 'health' | 'keys'
  readonly request?: unknown
  readonly times?: number
  readonly ms?: number
  readonly keys?: string
}

export interface MachineReply {
  readonly id: number
  readonly result?: unknown
  readonly failure?: string
}

/** The answer to one call of a client: a result, or an error code. */
export interface MachineResult {
  readonly accessToken?: string
  readonly fromCache?: boolean
  readonly key?: string
  readonly account?: { readonly username: string } | null
  readonly result?: { readonly accessToken: string }
  readonly error?: string
  readonly message?: string
}

/** A process with a client. */
export interface Machine {
  readonly process: ChildProcess
  call(
    method: MachineCall['method'],
    fields?: Omit<MachineCall, 'id' | 'method'>,
  ): Promise<MachineResult[]>
  ask(method: MachineCall['method'], fields?: Omit<MachineCall, 'id' | 'method'>): Promise<unknown>
  kill(signal: NodeJS.Signals): void
  stop(): Promise<void>
}

let built: Promise<string> | undefined

/** Bundles the worker once. */
function builtWorker(): Promise<string> {
  built ??= bundleProcess(fileURLToPath(new URL('./machine-worker.ts', import.meta.url)), {
    folder: 'packages/node/node_modules/.cache/machines',
    external: ['redis', 'redis-5', 'ioredis', 'ioredis-5'],
  })
  return built
}

/** Starts a machine. It is ready when the promise resolves. */
export async function startMachine(options: MachineOptions): Promise<Machine> {
  const child = fork(await builtWorker(), [JSON.stringify(options)], { stdio: 'inherit' })
  const waiting = new Map<number, (reply: MachineReply) => void>()
  let calls = 0
  const ready = new Promise<MachineReply>((resolve) => waiting.set(0, resolve))
  child.on('message', (reply: MachineReply) => {
    waiting.get(reply.id)?.(reply)
    waiting.delete(reply.id)
  })
  child.on('exit', () => {
    for (const [id, resolve] of waiting) resolve({ id, failure: 'the process has ended' })
  })
  const { failure } = await ready
  if (failure !== undefined) throw new Error(`A machine did not start: ${failure}`)

  async function ask(method: MachineCall['method'], fields = {}): Promise<unknown> {
    calls += 1
    const id = calls
    const reply = new Promise<MachineReply>((resolve) => waiting.set(id, resolve))
    child.send({ id, method, ...fields } satisfies MachineCall)
    const { result, failure } = await reply
    if (failure !== undefined) throw new Error(failure)
    return result
  }

  return {
    process: child,
    ask,
    call: async (method, fields) => (await ask(method, fields)) as MachineResult[],
    kill: (signal) => void child.kill(signal),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    },
  }
}
