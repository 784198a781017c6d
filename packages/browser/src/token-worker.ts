/**
 * The worker that holds refresh tokens (`tokens: 'worker'`). It sends the token requests of one page, and returns handles instead
 * of refresh tokens. It never stores them: they end with the page.
 */
import { createTokenKeeper, isAuthError } from '@carnet/core/keeper'
import { createOwnHttp } from './platform/own-http.ts'
import type { KeeperMessage, KeeperQuestion } from './worker/messages.ts'

function keepTokens(): void {
  const { postMessage: post } = globalThis as unknown as {
    postMessage(message: KeeperMessage): void
  }
  let timeoutMs = 0
  const send = createTokenKeeper({
    http: (url, init) =>
      createOwnHttp({ fetch: (...request) => fetch(...request), timeoutMs })(url, init),
    randomId: () => crypto.randomUUID(),
  })

  addEventListener('message', async ({ data }: MessageEvent<KeeperQuestion>) => {
    const { id } = data
    timeoutMs = data.timeoutMs
    try {
      post({ type: 'answer', id, answer: await send(data.request) })
    } catch (error) {
      const code = isAuthError(error) ? error.code : 'invalid_response'
      post({ type: 'failure', id, code, message: error instanceof Error ? error.message : '' })
    }
  })
  post({ type: 'ready' })
}

// Outside a dedicated worker this module does nothing: a page must not answer such requests.
if ('DedicatedWorkerGlobalScope' in globalThis) keepTokens()
