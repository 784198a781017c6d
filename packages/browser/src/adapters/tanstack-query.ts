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
