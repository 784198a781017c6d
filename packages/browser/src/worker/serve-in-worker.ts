import type { KeyHolder } from './key-holder.ts'
import type { KeeperMessage, KeeperQuestion } from './messages.ts'
import { createAnswers } from './serve.ts'

/** The end of a connection to a page. */
interface Line {
  addEventListener(type: 'message', onMessage: (event: MessageEvent<KeeperQuestion>) => void): void
  postMessage(message: KeeperMessage): void
}

const SCOPES = ['SharedWorkerGlobalScope', 'DedicatedWorkerGlobalScope']

/**
 * Answers the questions of pages, in a shared or a dedicated worker. Outside a worker it does nothing: a page must not answer
 * such requests.
 */
export function serveInWorker(createKeys: () => KeyHolder | undefined): void {
  const scope = SCOPES.findIndex((name) => name in globalThis)
  if (scope < 0) return
  const answer = createAnswers(createKeys())
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
