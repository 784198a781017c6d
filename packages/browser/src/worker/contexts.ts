/** The contexts that send token requests, in the order in which a page tries them. The page itself is the last. */
import type { Http } from '@carnet/core/keeper'
import { loaded } from '../startup/page/loaded.ts'
import type { CustodyConfig } from './custody.ts'
import type { Keeper } from './keeper.ts'
import { usesSharedWorker } from './uses-shared-worker.ts'

export interface Contexts {
  /** True if this page connects to the shared worker for other tabs too. */
  readonly attends: boolean
  /** The worker with the refresh tokens. */
  keeper(): Promise<Keeper>
  /** The workers that may send a request for this page. */
  inOrder(): readonly Promise<Keeper>[]
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
  const hasShared = tokenWorker === undefined && 'SharedWorker' in globalThis
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
      const [{ createKeeper, openLine, isShared }, create] = await Promise.all([
        loaded(import('./connect.ts')),
        tokenWorker ??
          loaded(import('./default-worker.ts')).then((part) =>
            hasShared ? part.createSharedWorker : part.createDefaultWorker,
          ),
      ])
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

  const serviceKeeper = (registers: NonNullable<typeof register>) =>
    once('serviceWorker', async () => {
      const { createKeeper, openServiceLine } = await loaded(import('./connect.ts'))
      const connect: Parameters<typeof createKeeper>[0]['connect'] = (hear) =>
        openServiceLine(registers, hear)
      return createKeeper({ ...common, isShared: true, connect })
    })

  return {
    attends: usesSharedWorker(config),
    keeper,
    inOrder() {
      // A service worker has no memory for refresh tokens: it may end after each message.
      if (keeps) return [keeper()]
      if (config.hasOwnFetch) return []
      return [
        ...(register ? [serviceKeeper(register)] : []),
        ...(hasShared || tokenWorker ? [keeper()] : []),
      ]
    },
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
