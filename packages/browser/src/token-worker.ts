/**
 * The worker that sends token requests: a shared worker of all tabs, or a dedicated worker of one page. It writes answers to
 * the journal, so that they survive the page. With `tokens: 'worker'` it also holds the refresh tokens: it returns handles
 * instead, and never stores the tokens, so they end with the worker.
 */
import type { KeeperMessage, KeeperQuestion } from './worker/messages.ts'
import { createAnswers } from './worker/serve.ts'

/** The end of a connection to a page. */
interface Line {
  addEventListener(type: 'message', onMessage: (event: MessageEvent<KeeperQuestion>) => void): void
  postMessage(message: KeeperMessage): void
}

const SCOPES = ['SharedWorkerGlobalScope', 'DedicatedWorkerGlobalScope']
const scope = SCOPES.findIndex((name) => name in globalThis)

// Outside a worker this module does nothing: a page must not answer such requests.
if (scope >= 0) {
  const answer = createAnswers()
  const serve = (line: Line) => {
    const post = (message: KeeperMessage) => line.postMessage(message)
    line.addEventListener('message', ({ data }) => void answer(data, post))
    post({ type: 'ready' })
  }
  if (scope === 1) serve(globalThis as unknown as Line)
  else
    addEventListener('connect', (event) => {
      for (const port of (event as MessageEvent).ports) {
        serve(port)
        port.start()
      }
    })
}
