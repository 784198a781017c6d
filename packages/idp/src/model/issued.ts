/** All issued codes and tokens, so that tests can search for leaks. */
export interface Issued {
  codes: string[]
  accessTokens: string[]
  refreshTokens: string[]
  idTokens: string[]
}

export interface IssuedStore {
  add(list: keyof Issued, value: unknown): void
  snapshot(): Issued
  reset(): void
}

export function createIssuedStore(): IssuedStore {
  let issued = empty()
  return {
    add(list, value) {
      if (typeof value === 'string' && !issued[list].includes(value)) issued[list].push(value)
    },
    snapshot: () => structuredClone(issued),
    reset() {
      issued = empty()
    },
  }
}

const empty = (): Issued => ({ codes: [], accessTokens: [], refreshTokens: [], idTokens: [] })
