/**
 * The worker that sends token requests: a shared worker of all tabs, or a dedicated worker of one page. It writes answers to
 * the journal, so that they survive the page. With `tokens: 'worker'` it also holds the refresh tokens: it returns handles
 * instead, and never stores the tokens, so they end with the worker.
 */
import { createBareHttp } from './worker/bare-http.ts'
import { createAnswers } from './worker/serve.ts'
import { serveInWorker } from './worker/serve-in-worker.ts'

serveInWorker(() => createAnswers(createBareHttp))
