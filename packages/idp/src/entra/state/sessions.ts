import { randomUUID } from 'node:crypto'

/** The session of an account in a browser. */
export interface SignedIn {
  readonly username: string
  /** The `sid` claim. */
  readonly sid: string
  readonly atMs: number
  /** The second factors and authentication contexts that the user has met. */
  readonly factors: ReadonlySet<string>
  /** The tenant of the last sign-in, by client. */
  readonly clients: Map<string, string>
}

/** The sessions of all browsers. On Entra, one browser can have sessions of several accounts. */
export interface Sessions {
  of(browserId: string | undefined): readonly SignedIn[]
  signIn(browserId: string, username: string): void
  meet(browserId: string, username: string, factors: readonly string[]): void
  signOut(browserId: string, username: string): void
  /** Ends the sessions of one user, or of all users. @returns The number of ended sessions. */
  end(username?: string): number
}

export function createSessions(): Sessions {
  const byBrowser = new Map<string, readonly SignedIn[]>()
  const of = (browserId: string | undefined) => byBrowser.get(browserId ?? '') ?? []

  const change = (
    browserId: string,
    username: string,
    to: (before: SignedIn | undefined) => SignedIn | undefined,
  ): void => {
    const others = of(browserId).filter((one) => one.username !== username)
    const changed = to(of(browserId).find((one) => one.username === username))
    byBrowser.set(browserId, changed ? [changed, ...others] : others)
  }

  return {
    of,
    signIn: (browserId, username) =>
      change(browserId, username, (before) => ({
        username,
        sid: before?.sid ?? randomUUID(),
        atMs: Date.now(),
        factors: before?.factors ?? new Set(),
        clients: before?.clients ?? new Map(),
      })),
    meet: (browserId, username, factors) =>
      change(
        browserId,
        username,
        (before) => before && { ...before, factors: new Set([...before.factors, ...factors]) },
      ),
    signOut: (browserId, username) => change(browserId, username, () => undefined),
    end(username) {
      let ended = 0
      for (const [browserId, accounts] of byBrowser) {
        const kept = accounts.filter((one) => username !== undefined && one.username !== username)
        ended += accounts.length - kept.length
        byBrowser.set(browserId, kept)
      }
      return ended
    },
  }
}
