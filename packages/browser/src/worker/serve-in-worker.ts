import type { KeeperMessage, TokenQuestion } from './messages.ts'
import type { AnswerQuestion } from './serve.ts'

/** The end of a connection to a page. */
interface Line {
  addEventListener(type: 'message', onMessage: (event: MessageEvent<TokenQuestion>) => void): void
  postMessage(message: KeeperMessage): void
}

/**
 * Answers the questions of pages, in a shared or a dedicated worker. Outside a worker it does nothing: a page must not answer
 * such requests.
 */
export function serveInWorker(create: () => AnswerQuestion): void {
  const isShared = 'onconnect' in globalThis
  if (!isShared && !('DedicatedWorkerGlobalScope' in globalThis)) return
  const answer = create()
  const serve = (line: Line) => {
    const post = (message: KeeperMessage) => line.postMessage(message)
    line.addEventListener('message', ({ data }) => void answer(data, post))
    post({ type: 'ready' })
  }
  if (!isShared) serve(globalThis as unknown as Line)
  else
    addEventListener('connect', (event) => {
      for (const port of (event as MessageEvent).ports) {
        serve(port)
        port.start()
      }
    })
}
