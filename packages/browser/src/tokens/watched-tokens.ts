import { type AccessTokenRecord, type TokenQuery, tokenSetKey } from '@carnet/core'

/** A token that the renewer renews, with its plan. */
export interface Watched {
  readonly query: TokenQuery
  readonly record: AccessTokenRecord
  dueAtMs: number
  /** The time at which the renewal was planned. If the clock shows an earlier time, it was set back. */
  plannedAtMs: number
  /** The time of the provider's `Retry-After`, after a failure. */
  retryAtMs?: number | undefined
  /** True if the token was requested since it arrived. Unused tokens are not renewed. */
  used: boolean
  failures: number
  running: boolean
  /** True if the network came back while a renewal ran, which may have begun without it. */
  cameOnline: boolean
}

const purposes = new WeakMap<TokenQuery, string>()

/** The purpose of a token: all fields of its query except the scopes. */
export function purposeOf(query: TokenQuery): string {
  const known = purposes.get(query)
  if (known !== undefined) return known
  const purpose = JSON.stringify([tokenSetKey(query), query.authority])
  purposes.set(query, purpose)
  return purpose
}

/**
 * Creates the set of tokens that the renewer watches. `related` does not visit all tokens: a page with thousands of tokens would
 * otherwise wait for milliseconds at the first use of each token.
 */
export function createWatchedTokens() {
  const all = new Set<Watched>()
  const byName = new Map<string, Set<Watched>>()

  /** The names of a token in the index. A token without scopes has its own name, because no scope leads to it. */
  const namesOf = (query: TokenQuery) =>
    (query.scopeKeys.length === 0 ? [''] : query.scopeKeys).map(
      (scope) => `${purposeOf(query)} ${scope}`,
    )
  const entriesOf = ({ query }: Watched) => [purposeOf(query), ...namesOf(query)]

  return {
    values: (): Iterable<Watched> => all,

    add(watched: Watched): void {
      all.add(watched)
      for (const name of entriesOf(watched))
        byName.set(name, (byName.get(name) ?? new Set<Watched>()).add(watched))
    },

    /** Returns true if the token was watched. */
    delete(watched: Watched): boolean {
      for (const name of entriesOf(watched)) {
        const named = byName.get(name)
        named?.delete(watched)
        if (named?.size === 0) byName.delete(name)
      }
      return all.delete(watched)
    },

    /** Finds all tokens of the same purpose with broader or narrower scopes than `query`, and few other tokens. */
    related(query: TokenQuery): Watched[] {
      const purpose = purposeOf(query)
      const names = query.scopeKeys.length === 0 ? [purpose] : [`${purpose} `, ...namesOf(query)]
      return [...new Set(names.flatMap((name) => [...(byName.get(name) ?? [])]))]
    },

    clear(): void {
      all.clear()
      byName.clear()
    },
  }
}
