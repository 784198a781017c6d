import { type AccessTokenRecord, queryShelfKey, type TokenQuery } from '@carnet/core'

/** A token that the renewer renews, with its plan. */
export interface Watched {
  readonly query: TokenQuery
  readonly record: AccessTokenRecord
  dueAtMs: number
  /** When that was planned: a clock that shows less was set back since. */
  plannedAtMs: number
  /** When the provider wants to be asked again, where it failed and said so. */
  retryAtMs?: number | undefined
  /** Asked for since it came: what nobody asks for is not renewed. */
  used: boolean
  failures: number
  running: boolean
}

const purposes = new WeakMap<TokenQuery, string>()

/** The purpose of a token: everything that its query names except the scopes. */
export function purposeOf(query: TokenQuery): string {
  const known = purposes.get(query)
  if (known !== undefined) return known
  const purpose = JSON.stringify([queryShelfKey(query), query.authority])
  purposes.set(query, purpose)
  return purpose
}

/**
 * The tokens that the renewer watches. `related` finds few of them without looking at the others: a page that holds
 * thousands of tokens would wait for milliseconds at the first use of each.
 */
export function createWatchedTokens() {
  const all = new Set<Watched>()
  const byName = new Map<string, Set<Watched>>()

  /** A token without scopes has a name of its own, because no scope leads to it. */
  const namesOf = (query: TokenQuery) =>
    (query.scopes.length === 0 ? [''] : query.scopes).map((scope) => `${purposeOf(query)} ${scope}`)
  const entriesOf = ({ query }: Watched) => [purposeOf(query), ...namesOf(query)]

  return {
    values: (): Iterable<Watched> => all,

    add(watched: Watched): void {
      all.add(watched)
      for (const name of entriesOf(watched))
        byName.set(name, (byName.get(name) ?? new Set<Watched>()).add(watched))
    },

    /** Says whether it was there. */
    delete(watched: Watched): boolean {
      for (const name of entriesOf(watched)) {
        const named = byName.get(name)
        named?.delete(watched)
        if (named?.size === 0) byName.delete(name)
      }
      return all.delete(watched)
    },

    /** All of the same purpose whose scopes cover those of `query` or are covered by them; and few others. */
    related(query: TokenQuery): Watched[] {
      const purpose = purposeOf(query)
      const names = query.scopes.length === 0 ? [purpose] : [`${purpose} `, ...namesOf(query)]
      return [...new Set(names.flatMap((name) => [...(byName.get(name) ?? [])]))]
    },

    clear(): void {
      all.clear()
      byName.clear()
    },
  }
}
