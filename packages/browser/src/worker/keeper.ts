import { AuthError, type AuthErrorCode } from '@carnet/core'
import { type Http, isHandle, type KeptAnswer, type KeptRequest } from '@carnet/core/keeper'
import { blockedByPolicy, watchPolicy } from '../platform/own-policy.ts'
import type { KeeperMessage, KeeperQuestion } from './messages.ts'

/** The limit for the start of a worker, which loads its file over the network. */
const START_WITHIN_MS = 5000
/** The page waits this much longer for the worker than the timeout of the request. */
const GRACE_MS = 2000

type Waiting = (message: Exclude<KeeperMessage, { type: 'ready' }>) => void

/** The page's side of the worker that holds the refresh tokens. */
export interface Keeper {
  /** Sends token requests through the worker, if it runs, and all other requests directly. */
  readonly http: Http
  /** True if this page can redeem the refresh token: a handle works only in its own worker. */
  holds(token: string): boolean
  close(): void
}

/**
 * Creates the worker that holds the refresh tokens. If the worker cannot start, `onUnavailable` is called once, and the page
 * holds the refresh tokens.
 */
export function createKeeper(deps: {
  http: Http
  createWorker: () => Worker
  timeoutMs: number
  onUnavailable: (cause: unknown) => void
}): Keeper {
  const { http, createWorker, timeoutMs, onUnavailable } = deps
  const handles = new Set<string>()
  const waiting = new Map<number, Waiting>()
  let questions = 0
  let starting: Promise<Worker | undefined> | undefined
  let closed = false

  function start(): Promise<Worker | undefined> {
    starting ??= started().catch((cause) => {
      onUnavailable(cause)
      return undefined
    })
    return starting
  }

  function started(): Promise<Worker> {
    return new Promise((resolve, reject) => {
      const policy = watchPolicy('worker-src', () => true)
      const worker = createWorker()
      const patience = setTimeout(() => {
        policy.stop()
        reject(new Error(`The worker did not start within ${START_WITHIN_MS} ms.`))
      }, START_WITHIN_MS)
      worker.addEventListener('error', (event) => {
        event.preventDefault()
        clearTimeout(patience)
        void policy.hasRefused().then((isRefused) => {
          policy.stop()
          const failure = new Error(event.message || 'The worker could not be loaded.')
          reject(isRefused ? blockedByPolicy('worker-src', 'the worker', failure) : failure)
        })
      })
      worker.addEventListener('message', ({ data }: MessageEvent<KeeperMessage>) => {
        if (data.type !== 'ready') return waiting.get(data.id)?.(data)
        clearTimeout(patience)
        policy.stop()
        if (closed) worker.terminate()
        resolve(worker)
      })
    })
  }

  function ask(worker: Worker, request: KeptRequest): Promise<KeptAnswer> {
    const id = questions++
    return new Promise((resolve, reject) => {
      const fail = (code: AuthErrorCode, message: string) => reject(new AuthError(code, message))
      const patience = setTimeout(() => {
        waiting.delete(id)
        fail('worker_unresponsive', 'The worker that holds the refresh tokens did not answer.')
      }, timeoutMs + GRACE_MS)
      waiting.set(id, (message) => {
        clearTimeout(patience)
        waiting.delete(id)
        if (message.type === 'failure') fail(message.code, message.message)
        else resolve(message.answer)
      })
      const question: KeeperQuestion = { id, request, timeoutMs }
      worker.postMessage(question)
    })
  }

  return {
    async http(url, init) {
      const { body, headers } = init
      const worker = body instanceof URLSearchParams ? await start() : undefined
      if (!worker) return http(url, init)
      const entries = [...new Headers(headers)]
      const answer = await ask(worker, { url, headers: entries, body: String(body) })
      if (answer.handle !== undefined) handles.add(answer.handle)
      const received = answer.headers.map(([name, value]): [string, string] => [name, value])
      return { status: answer.status, headers: new Headers(received), body: answer.body }
    },
    holds: (token) => !isHandle(token) || handles.has(token),
    close() {
      closed = true
      void starting?.then((worker) => worker?.terminate())
    },
  }
}
