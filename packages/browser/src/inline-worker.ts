/**
 * The worker that keeps refresh tokens, out of the bundle itself, for apps that cannot ship a file beside theirs:
 * `createAuthClient({ ..., tokens: 'worker', tokenWorker: createInlineWorker })`. A Content-Security-Policy must allow
 * `worker-src blob:`.
 */
import { WORKER_SOURCE } from './worker/worker-source.ts'

export function createInlineWorker(): Worker {
  const url = URL.createObjectURL(new Blob([WORKER_SOURCE], { type: 'text/javascript' }))
  try {
    return new Worker(url, { name: 'carnet' })
  } finally {
    // The worker has its script by then.
    setTimeout(() => URL.revokeObjectURL(url), 10_000)
  }
}
