/** The granted and declined scopes of a user for a client. */
export interface Consent {
  readonly granted: ReadonlySet<string>
  readonly declined: ReadonlySet<string>
}

export interface Consents {
  of(sub: string, clientId: string): Consent
  /** Records the decision of a user. It replaces earlier decisions about the same scopes. */
  record(sub: string, clientId: string, answer: Consent): void
  /** Deletes the decisions of this user, or of all users. */
  forget(sub?: string): void
}

/** The consent of all users, in memory. */
export function createConsents(): Consents {
  const bySub = new Map<string, Map<string, Consent>>()

  const of = (sub: string, clientId: string): Consent =>
    bySub.get(sub)?.get(clientId) ?? { granted: new Set(), declined: new Set() }

  return {
    of,
    record(sub, clientId, answer) {
      const before = of(sub, clientId)
      const byClient = bySub.get(sub) ?? new Map<string, Consent>()
      byClient.set(clientId, {
        granted: without(union(before.granted, answer.granted), answer.declined),
        declined: without(union(before.declined, answer.declined), answer.granted),
      })
      bySub.set(sub, byClient)
    },
    forget(sub) {
      if (sub === undefined) bySub.clear()
      else bySub.delete(sub)
    },
  }
}

const union = (a: ReadonlySet<string>, b: ReadonlySet<string>) => new Set([...a, ...b])

const without = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
  new Set([...a].filter((scope) => !b.has(scope)))
