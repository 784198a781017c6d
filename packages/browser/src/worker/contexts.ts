/** The workers that send token requests. This file loads when a page first sends a token request through a worker. */
import type { Http } from '@carnet/core/keeper'
import { loaded } from '../startup/page/loaded.ts'
import type { CustodyConfig } from './custody.ts'
import { createKeeper, type Keeper } from './keeper.ts'
import { isShared, openLine, openServiceLine } from './line.ts'
import { hasSharedWorker } from './uses-shared-worker.ts'

export interface Contexts {
  /** The worker with the refresh tokens. */
  keeper(): Promise<Keeper>
  /** The service worker of the app. */
  serviceKeeper(): Promise<Keeper>
  close(): void
}

/** Creates the contexts of a client. A worker starts at the first request. */
export function createContexts(
  config: CustodyConfig,
  http: Http,
  onUnavailable: (cause: unknown) => void,
): Contexts {
  const { tokens, tokenWorker, tokenServiceWorker: register, requestTimeoutMs } = config
  const keeps = tokens === 'worker'
  const holdsKeys = config.dpop?.isInWorker === true
  const hasShared = hasSharedWorker(config)
  const opened = new Map<string, Promise<Keeper>>()

  /** Creates a keeper once; after a failure to load its file, the next need tries again. */
  function once(name: string, create: () => Promise<Keeper>): Promise<Keeper> {
    const known = opened.get(name)
    if (known !== undefined) return known
    const creating = create().catch((error) => {
      opened.delete(name)
      throw error
    })
    opened.set(name, creating)
    return creating
  }

  const common = { http, timeoutMs: requestTimeoutMs, onUnavailable, keeps }

  const keeper = () =>
    once('worker', async () => {
      const create: () => Worker | SharedWorker =
        tokenWorker ??
        (await loaded(import('./default-worker.ts')).then(
          (part) => () =>
            hasShared ? part.createSharedWorker(holdsKeys) : part.createDefaultWorker(holdsKeys),
        ))
      // The worker of the app is shared or not: only the worker itself tells.
      let first = tokenWorker && attempt(tokenWorker)
      if (!keeps && first && !isShared(first)) first.terminate()
      const createWorker = () => {
        const worker = first ?? create()
        first = undefined
        return worker
      }
      return createKeeper({
        ...common,
        isShared: first ? isShared(first) : hasShared,
        connect: (hear) => openLine(createWorker, hear),
      })
    })

  const serviceKeeper = () =>
    once('serviceWorker', async () =>
      createKeeper({
        ...common,
        isShared: true,
        connect: async (hear) => {
          if (!register) throw new Error('The app has no service worker for tokens.')
          return openServiceLine(register, hear)
        },
      }),
    )

  return {
    keeper,
    serviceKeeper,
    close() {
      for (const creating of opened.values())
        creating.then(({ close }) => close()).catch(() => undefined) // The caller of the request got the error.
    },
  }
}

/** The worker of the app; `undefined` if its creation fails. The next attempt reports the failure. */
function attempt<T>(create: () => T): T | undefined {
  try {
    return create()
  } catch {
    return undefined
  }
}
