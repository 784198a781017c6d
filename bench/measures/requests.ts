import type { Stats } from '@carnet/idp'

/** The number of requests to the provider, without pages and preflight requests. */
export function requestsOf({ counts }: Stats) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return { ...counts, total }
}
