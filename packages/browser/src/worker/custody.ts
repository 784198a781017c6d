import { type Http, isHandle } from '@carnet/core/keeper'
import type { Config } from '../api/options.ts'
import { createOwnHttp } from '../platform/own-http.ts'
import { loaded } from '../startup/loaded.ts'
import type { Keeper } from './keeper.ts'

/** Who holds the refresh tokens: the page, or a worker. */
export interface Custody {
  /** Requests that carry no secret of ours. */
  readonly http: Http
  /** Requests to token and revocation endpoints. */
  readonly tokenHttp: Http
  /** Whether a stored refresh token can be redeemed here: what a worker keeps is of use to its own page only. */
  holds(token: string): Promise<boolean>
  close(): void
}

export function createCustody(
  config: Pick<Config, 'fetch' | 'requestTimeoutMs' | 'tokens' | 'tokenWorker'>,
  onUnavailable: (cause: unknown) => void,
): Custody {
  const timeoutMs = config.requestTimeoutMs
  const http = createOwnHttp({ fetch: config.fetch, timeoutMs })
  if (config.tokens === 'page') {
    // What a worker kept before is lost with it.
    const holds = async (token: string) => !isHandle(token)
    return { http, tokenHttp: http, holds, close: () => undefined }
  }

  let keeping: Promise<Keeper> | undefined
  function keeper(): Promise<Keeper> {
    keeping ??= start().catch((error) => {
      keeping = undefined // Tried again at the next need.
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
      keeping?.then(({ close }) => close()).catch(() => undefined) // Whoever asked hears of it.
    },
  }
}
