/** The access tokens that the APIs refuse although they have not expired. */
export interface RevokedTokens {
  add(tokens: readonly string[]): void
  has(token: string): boolean
  /** The last revocation, in seconds since the epoch; 0 before the first revocation. */
  lastAt(): number
  clear(): void
}

export function createRevokedTokens(): RevokedTokens {
  const revoked = new Set<string>()
  let last = 0
  return {
    add(tokens) {
      for (const token of tokens) revoked.add(token)
      last = Math.floor(Date.now() / 1000)
    },
    has: (token) => revoked.has(token),
    lastAt: () => last,
    clear() {
      revoked.clear()
      last = 0
    },
  }
}

/** The claims challenge of continuous access evaluation after a revocation: a token from after that instant. */
export const revocationChallenge = (revoked: Pick<RevokedTokens, 'lastAt'>): string =>
  JSON.stringify({ access_token: { nbf: { essential: true, value: String(revoked.lastAt()) } } })
