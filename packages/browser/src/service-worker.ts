/**
 * For the service worker of an app: `import '@carnet/browser/service-worker'`. It sends token requests for pages, and writes
 * the answers to the journal, so that they survive the page in every browser. It has no listener for `fetch` events, and
 * leaves all messages of the app alone.
 */

import { createBareHttp } from './worker/bare-http.ts'
import { TO_SERVICE_WORKER, type TokenQuestion } from './worker/messages.ts'
import { createAnswers } from './worker/serve.ts'

/** The part of `ExtendableMessageEvent` that is used here. */
interface ExtendableMessage extends MessageEvent {
  waitUntil(work: Promise<unknown>): void
}

// Outside a service worker this module does nothing.
if ('ServiceWorkerGlobalScope' in globalThis) {
  const answer = createAnswers(createBareHttp)
  addEventListener('message', (event) => {
    const { data, ports, waitUntil } = event as ExtendableMessage
    const question = Object(data)[TO_SERVICE_WORKER] as TokenQuestion | undefined
    const [port] = ports
    if (question && port)
      waitUntil.call(
        event,
        answer(question, (message) => port.postMessage(message)),
      )
  })
}
