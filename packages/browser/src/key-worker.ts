/**
 * The worker of `dpop: { key: 'worker' }`: it sends token requests, and holds the refresh tokens and the keys for DPoP. Other
 * apps load the smaller `token-worker.js`.
 */
import { createKeyHolder } from './worker/key-holder.ts'
import { serveInWorker } from './worker/serve-in-worker.ts'
import { createAnswersWithKeys } from './worker/serve-with-keys.ts'

/** The time of the app's own server. A worker from a `blob:` URL knows the origin only. */
async function trueTimeMs(): Promise<number | undefined> {
  const signal = AbortSignal.timeout(3000)
  const answer = await fetch(`${origin}/`, { method: 'HEAD', cache: 'no-store', signal })
  const timeMs = Date.parse(answer.headers.get('date') ?? '')
  return Number.isNaN(timeMs) ? undefined : timeMs
}

serveInWorker(() => createAnswersWithKeys(createKeyHolder({ now: Date.now, trueTimeMs })))
