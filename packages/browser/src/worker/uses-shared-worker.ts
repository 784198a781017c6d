import type { CustodyConfig } from './custody.ts'

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
  tokenWorker === undefined &&
  'SharedWorker' in globalThis &&
  (tokens === 'worker' || !(hasOwnFetch || tokenServiceWorker))
