/**
 * The worker that holds refresh tokens, created from the bundle itself, for apps that cannot ship the worker's file:
 * `createAuthClient({ ..., tokens: 'worker', tokenWorker: createInlineWorker })`. A Content-Security-Policy must allow
 * `worker-src blob:`.
 */
import { WORKER_SOURCE } from './worker/worker-source.ts'

export function createInlineWorker(): Worker {
  const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }))
  try {
    return new Worker(url, { name: 'carnet' })
  } finally {
    // The worker has loaded its script by then.
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
}
