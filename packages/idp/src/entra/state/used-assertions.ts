/** The ids of client assertions that were used. A client creates a new assertion for each request (RFC 7523 §3). */
export interface UsedAssertions {
  /** Notes an id. @returns False if the id was used before. */
  note(jti: string): boolean
  clear(): void
}

export function createUsedAssertions(): UsedAssertions {
  const used = new Set<string>()
  return {
    note(jti) {
      if (used.has(jti)) return false
      used.add(jti)
      return true
    },
    clear: () => used.clear(),
  }
}
