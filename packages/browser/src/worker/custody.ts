import { AuthError, type RecordStore } from '@carnet/core'
import { type Http, isHandle, type KeptAnswer, type KeptRequest } from '@carnet/core/keeper'
import type { Config } from '../api/config.ts'
import { createJournal, type Journal } from '../journal/journal.ts'
import type { Redemption } from '../journal/redeem.ts'
import { lazily } from '../platform/lazily.ts'
import { createOwnHttp } from '../platform/own-http.ts'
import { loaded } from '../startup/page/loaded.ts'
import type { Keeper } from './keeper.ts'
import type { KeyAnswer, KeyQuestion } from './messages.ts'
import { onlyOnce } from './only-once.ts'
import { hasSharedWorker, usesSharedWorker } from './uses-shared-worker.ts'

/** Sends requests with refresh tokens, which the page or a worker holds. */
export interface Custody {
  /** For requests without refresh tokens. */
  readonly http: Http
  /** For requests to token and revocation endpoints. */
  readonly tokenHttp: Http
  /** The journal of token responses; `undefined` if all tokens end with the page. */
  readonly journal: Journal | undefined
  /** True if this page can redeem a stored refresh token: the handle of a worker works only while the worker lives. */
  holds(token: string): Promise<boolean>
  /** Asks the worker about a key for DPoP; `undefined` if the worker does not answer. */
  askKey(question: KeyQuestion): Promise<KeyAnswer | undefined>
  /** Keeps the shared worker alive: it ends with its last page, or soon after. */
  attend(): void
  close(): void
}

/** The options for the holder of refresh tokens. */
export type CustodyConfig = Pick<Config, 'fetch' | 'requestTimeoutMs' | 'tokens' | 'tokenWorker'> &
  Partial<Pick<Config, 'tokenServiceWorker' | 'hasOwnFetch' | 'dpop' | 'requestHeaders'>>

/** The database of the cache, with the journal. */
export interface JournalPlace {
  readonly partition: string
  readonly database: string
  readonly store: RecordStore
  /** A journal entry is pruned after this time. */
  readonly keptForMs: number
  /** Asks the other tabs to keep the shared worker alive. */
  readonly announce: () => void
}

/** Creates the custody for `tokens: 'page'` or `tokens: 'worker'`. A worker starts at the first need. */
export function createCustody(
  config: CustodyConfig,
  onUnavailable: (cause: unknown) => void,
  place?: JournalPlace,
): Custody {
  const timeoutMs = config.requestTimeoutMs
  const http = createOwnHttp({ fetch: config.fetch, timeoutMs })
  const isInWorker = config.tokens === 'worker'
  const tellOnce = onlyOnce(onUnavailable)
  const contexts = lazily(async () => {
    // The next part loads beside this part; its own load reports a failure.
    if (usesSharedWorker(config)) import('./default-worker.ts').catch(() => undefined)
    const { createContexts } = await loaded(import('./contexts.ts'))
    return createContexts(config, http, onUnavailable)
  })
  /** The worker with the refresh tokens. */
  const keeper = async (): Promise<Keeper> => (await contexts.get()).keeper()
  const serviceWorker = async (): Promise<Keeper> => (await contexts.get()).serviceKeeper()
  /** The workers that may send a redemption, in order; the page is the last. A service worker has no memory for tokens. */
  const workers = isInWorker
    ? [keeper]
    : config.hasOwnFetch
      ? []
      : [
          ...(config.tokenServiceWorker ? [serviceWorker] : []),
          ...(config.tokenWorker || hasSharedWorker(config) ? [keeper] : []),
        ]
  const direct: Http = isInWorker ? async (url, init) => (await keeper()).http(url, init) : http
  const journal = place
    ? createJournal({
        partition: place.partition,
        database: place.database,
        store: place.store,
        keptForMs: place.keptForMs,
        http: direct,
        timeoutMs,
        async carry(redemption) {
          place.announce()
          for (const load of workers) {
            // Without the part for workers, the page sends its requests itself, if it has the tokens.
            const context = load()
            const keeper = await (isInWorker ? context : context.catch(tellOnce))
            const answer = keeper ? await keeper.carry(redemption) : 'none'
            if (answer !== 'none') return answer
          }
          return sendHere(redemption)
        },
      })
    : undefined

  /** Sends a redemption from this page: the last of the contexts. */
  async function sendHere(redemption: Redemption): Promise<KeptAnswer | undefined> {
    const { request, timeoutMs: limitMs } = redemption
    const isHeld = isHandle(new URLSearchParams(request.body).get('refresh_token') ?? '')
    if (isHeld || request.jkt !== undefined)
      throw new AuthError('worker_unresponsive', 'The worker with the refresh token has ended.')
    const patient = createOwnHttp({ fetch: config.fetch, timeoutMs: limitMs })
    const send = async ({ url, headers, body }: KeptRequest) => {
      const answer = await patient(url, {
        method: 'POST',
        headers,
        body: new URLSearchParams(body),
        redirect: 'manual',
      })
      return { ...answer, headers: [...answer.headers] }
    }
    // Without the part for the journal, the request still has its answer.
    const part = await import('../journal/redeem.ts').catch(() => undefined)
    return part ? part.redeem(redemption, send) : send(request)
  }

  const { requestHeaders } = config
  const withHeaders = (send: Http): Http =>
    requestHeaders
      ? (url, init) => send(url, { ...init, headers: headersWith(init.headers, requestHeaders) })
      : send

  return {
    http: withHeaders(http),
    tokenHttp: withHeaders(journal?.http ?? direct),
    journal,
    // Without the worker, the refresh token of a handle was lost.
    holds: async (token) => !isHandle(token) || (isInWorker && (await keeper()).holds(token)),
    askKey: async (question) => (await keeper()).askKey(question),
    attend() {
      if (usesSharedWorker(config))
        keeper()
          .then(({ start }) => start())
          .catch(() => undefined)
    },
    close() {
      const started = contexts.isLoaded() ? contexts.get() : contexts.pending()
      started?.then(({ close }) => close()).catch(() => undefined) // The caller of the request got the error.
    },
  }
}

/** The headers of a request, and those of the app. */
function headersWith(own: HeadersInit | undefined, more: Readonly<Record<string, string>>) {
  const headers = new Headers(own)
  for (const [name, value] of Object.entries(more)) headers.set(name, value)
  return headers
}
