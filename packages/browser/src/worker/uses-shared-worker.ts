import type { CustodyConfig } from './custody.ts'

/** True if the worker of the package would be shared: the app names no worker, and the browser has shared workers. */
export const hasSharedWorker = ({
  tokenWorker,
}: {
  readonly tokenWorker?: CustodyConfig['tokenWorker'] | undefined
}): boolean => tokenWorker === undefined && 'SharedWorker' in globalThis

/** True if the shared worker of the package sends token requests for this client, or holds its refresh tokens. */
export const usesSharedWorker = ({
  tokens,
  tokenWorker,
  tokenServiceWorker,
  hasOwnFetch,
}: {
  readonly [Name in 'tokens' | 'tokenWorker' | 'tokenServiceWorker' | 'hasOwnFetch']?:
    | CustodyConfig[Name]
    | undefined
}): boolean =>
  hasSharedWorker({ tokenWorker }) && (tokens === 'worker' || !(hasOwnFetch || tokenServiceWorker))
