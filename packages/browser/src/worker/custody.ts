import { type Http, isHandle } from '@carnet/core/keeper'
import type { Config } from '../api/options.ts'
import { createOwnHttp } from '../platform/own-http.ts'
import { loaded } from '../startup/page/loaded.ts'
import type { Keeper } from './keeper.ts'

/** Sends requests with refresh tokens, which the page or a worker holds. */
export interface Custody {
  /** For requests without refresh tokens. */
  readonly http: Http
  /** For requests to token and revocation endpoints. */
  readonly tokenHttp: Http
  /** True if this page can redeem a stored refresh token: the handle of a worker works only for its own page. */
  holds(token: string): Promise<boolean>
  close(): void
}

/** Creates the custody for `tokens: 'page'` or `tokens: 'worker'`. The worker starts at the first need. */
export function createCustody(
  config: Pick<Config, 'fetch' | 'requestTimeoutMs' | 'tokens' | 'tokenWorker'>,
  onUnavailable: (cause: unknown) => void,
): Custody {
  const timeoutMs = config.requestTimeoutMs
  const http = createOwnHttp({ fetch: config.fetch, timeoutMs })
  if (config.tokens === 'page') {
    // The refresh token of a handle was lost with its worker.
    const holds = async (token: string) => !isHandle(token)
    return { http, tokenHttp: http, holds, close: () => undefined }
  }

  let keeping: Promise<Keeper> | undefined
  function keeper(): Promise<Keeper> {
    keeping ??= start().catch((error) => {
      keeping = undefined // The next need tries again.
      throw error
    })
    return keeping
  }

  async function start(): Promise<Keeper> {
    const [{ createKeeper }, createWorker] = await Promise.all([
      loaded(import('./keeper.ts')),
      config.tokenWorker ??
        loaded(import('./default-worker.ts')).then((part) => part.createDefaultWorker),
    ])
    return createKeeper({ http, createWorker, timeoutMs, onUnavailable })
  }

  return {
    http,
    tokenHttp: async (url, init) => (await keeper()).http(url, init),
    holds: async (token) => !isHandle(token) || (await keeper()).holds(token),
    close() {
      keeping?.then(({ close }) => close()).catch(() => undefined) // The caller of the request got the error.
    },
  }
}
