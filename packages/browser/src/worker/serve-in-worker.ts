import type { KeeperMessage, TokenQuestion } from './messages.ts'
import type { AnswerQuestion } from './serve.ts'

/** The end of a connection to a page. */
interface Line {
  onmessage: ((event: MessageEvent<TokenQuestion>) => void) | null
  postMessage(message: KeeperMessage): void
}

/** The scope of the worker, with the event handler of a shared worker. */
type Scope = Line & { onconnect?: (event: MessageEvent) => void }

/**
 * Answers the questions of pages, in a shared or a dedicated worker. Outside a worker it does nothing: a page must not answer
 * such requests.
 */
export function serveInWorker(create: () => AnswerQuestion): void {
  if (!('importScripts' in globalThis)) return
  const scope = globalThis as unknown as Scope
  const answer = create()
  const serve = (line: Line) => {
    const post = (message: KeeperMessage) => line.postMessage(message)
    // A port starts with this assignment.
    line.onmessage = ({ data }) => void answer(data, post)
    post({ type: 'ready' })
  }
  if ('onconnect' in scope) scope.onconnect = ({ ports }) => ports.forEach(serve)
  else serve(scope)
}
