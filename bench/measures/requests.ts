import type { Stats } from '@carnet/idp'

/** What the provider was asked; pages and preflights do not count. */
export function requestsOf({ counts }: Stats) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return { ...counts, total }
}
