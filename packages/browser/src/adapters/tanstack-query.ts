import { bindRouter } from '../bindings/guards.ts'
import { type ClientInput, createSource } from '../bindings/snapshot.ts'
import type { Fetching } from './fetching.ts'

/** More attempts after failures that may pass by themselves. It is the default of TanStack Query. */
const MOST_RETRIES = 3

/** The fields of an `AuthError`, also of one from another copy of the library. */
interface MaybeAuthError {
  readonly name?: unknown
  readonly isTransient?: unknown
}

/** True if the query should be repeated: not if the user is needed, and not after an abort. */
export function shouldRetry(failureCount: number, error: unknown): boolean {
  const { name, isTransient } = Object(error) as MaybeAuthError
  if (name === 'AbortError' || isTransient === false) return false
  return failureCount < MOST_RETRIES
}

/**
 * Default options for TanStack Query: `new QueryClient({ defaultOptions: queryDefaults })`. A query does not repeat a call that
 * needs the user. Mutations are never repeated.
 */
export const queryDefaults = {
  queries: { retry: shouldRetry },
  mutations: { retry: false },
} as const

/** The context of a query function, as far as `authQueryDefaults` needs it. */
interface QueryContext {
  readonly meta: Readonly<Record<string, unknown>> | undefined
  readonly signal: AbortSignal
}

/**
 * `queryDefaults`, and a query function for queries without one: it gets `meta.resource`, a URL, by `auth.fetch` and reads JSON. The
 * query rejects with the `Response` if its status is not 2xx.
 */
export function authQueryDefaults(auth: Fetching) {
  async function queryFn({ meta, signal }: QueryContext): Promise<unknown> {
    const response = await auth.fetch(String(meta?.resource), { signal })
    if (!response.ok) throw response
    return response.json()
  }
  return { ...queryDefaults, queries: { ...queryDefaults.queries, queryFn } }
}

/** The part of a `QueryClient` that forgets data. */
export interface Forgetting {
  resetQueries(): unknown
  getMutationCache(): { clear(): void }
}

/**
 * Clears the data of a `QueryClient` when another account becomes active, and after a sign-in or a sign-out: no user sees the data of
 * another user. Components on the page get no data either, until their queries have asked again for the new account.
 *
 * @returns A function that ends it.
 */
export const clearOnAccountChange = (auth: ClientInput, queryClient: Forgetting): (() => void) =>
  bindRouter(auth, () => {
    queryClient.getMutationCache().clear()
    // `queryClient.clear()` removes queries from the cache, but a component on the page keeps a removed query and its data.
    void queryClient.resetQueries()
  })

/** A stored cache of TanStack Query. It is restored only with the same `buster`. */
interface StoredCache {
  readonly buster: string
}

/** The part of a `Persister` that writes and reads. */
interface Persisting<Stored extends StoredCache> {
  persistClient(stored: Stored): unknown
  restoreClient(): Stored | undefined | PromiseLike<Stored | undefined>
  removeClient(): unknown
}

/**
 * Wraps a persister of TanStack Query, so that a stored cache is restored only for the account that was active when it was written. It
 * waits for the client, stores nothing before its start, and removes the cache of another account.
 */
export function persistForAccount<Stored extends StoredCache, P extends Persisting<Stored>>(
  auth: ClientInput,
  persister: P & Persisting<Stored>,
): P {
  const source = createSource(auth)
  const mark = () => `${source.snapshot().account?.id ?? ''} `
  return {
    ...persister,
    async persistClient(stored: Stored) {
      if (source.client)
        await persister.persistClient({ ...stored, buster: mark() + stored.buster })
    },
    async restoreClient() {
      await source.ready.catch(() => undefined)
      const stored = await persister.restoreClient()
      if (stored?.buster.startsWith(mark()))
        return { ...stored, buster: stored.buster.slice(mark().length) }
      if (stored && source.client) await persister.removeClient()
      return undefined
    },
  }
}
