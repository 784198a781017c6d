export interface ProviderSettings {
  readonly accessTokenLifetime: number
  readonly latencyMs: number
}

export type ProviderControl = ReturnType<typeof createProviderControl>

/** The control endpoint of the development provider. Other providers have none: every call rejects. */
export function createProviderControl(issuer: string) {
  async function call(method: string, path: string, input?: object): Promise<unknown> {
    const response = await fetch(`${issuer}/control/${path}`, {
      method,
      ...(input && {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      }),
    })
    if (!response.ok) throw new Error(`The provider's controls answered ${response.status}.`)
    return response.status === 204 ? undefined : response.json()
  }

  return {
    async settings(): Promise<ProviderSettings> {
      const settings = numbersOf(await call('GET', 'settings'))
      const { accessTokenLifetime, latencyMs } = settings
      if (accessTokenLifetime === undefined) throw new Error('This provider has no controls.')
      return { accessTokenLifetime, latencyMs: latencyMs ?? 0 }
    },
    change: (changes: Partial<ProviderSettings>) => call('PATCH', 'settings', changes),
    /** @returns How many were revoked. */
    revokeRefreshTokens: async () =>
      numbersOf(await call('POST', 'refresh-tokens/revoke', {})).ended ?? 0,
    /** @returns How many were ended. */
    endSessions: async () => numbersOf(await call('POST', 'sessions/end', {})).ended ?? 0,
    /** Answers the next requests for a token as a provider that is down would. */
    breakTokens: (count: number) =>
      call('POST', 'faults', {
        endpoint: 'token',
        count,
        fault: { kind: 'respond', status: 503 },
      }),
    mend: () => call('DELETE', 'faults'),
    /** How many requests each endpoint has had. */
    async requestCounts(): Promise<Readonly<Record<string, number>>> {
      const stats = await call('GET', 'stats')
      return numbersOf((stats as { counts?: unknown } | undefined)?.counts)
    },
  }
}

/** The fields of an object from outside that are numbers. */
function numbersOf(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  )
}
