import { createHttp, type Http, isHandle } from '@carnet/core/keeper'
import { loaded } from '../loaded.ts'
import type { Config } from '../options.ts'
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
  config: Pick<Config, 'fetch' | 'requestTimeout' | 'tokens' | 'tokenWorker'>,
  onUnavailable: (cause: unknown) => void,
): Custody {
  const timeoutMs = config.requestTimeout
  const http = createHttp({ fetch: config.fetch, timeoutMs })
  if (config.tokens === 'page') {
    // What a worker kept before is lost with it.
    const holds = async (token: string) => !isHandle(token)
    return { http, tokenHttp: http, holds, close: () => undefined }
  }

  let keeping: Promise<Keeper> | undefined
  async function keeper(): Promise<Keeper> {
    keeping ??= Promise.all([
      loaded(import('./keeper.ts')),
      config.tokenWorker ?? import('./default-worker.ts').then((part) => part.createDefaultWorker),
    ]).then(([{ createKeeper }, createWorker]) =>
      createKeeper({ http, createWorker, timeoutMs, onUnavailable }),
    )
    return keeping
  }

  return {
    http,
    tokenHttp: async (url, init) => (await keeper()).http(url, init),
    holds: async (token) => !isHandle(token) || (await keeper()).holds(token),
    close: () => void keeping?.then(({ close }) => close()),
  }
}
