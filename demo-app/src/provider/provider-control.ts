export interface ProviderSettings {
  readonly accessTokenLifetime: number
  readonly latencyMs: number
}

export type ProviderControl = ReturnType<typeof createProviderControl>

/** The control endpoint of the development provider. With other providers every call rejects. */
export function createProviderControl(issuer: string) {
  async function call(method: string, path: string, input?: object): Promise<unknown> {
    const response = await fetch(`${issuer}/control/${path}`, {
      method,
      ...(input && {
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      }),
    })
    if (!response.ok) throw new Error(`The provider's controls responded with ${response.status}.`)
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
    /** @returns The number of revoked tokens. */
    revokeRefreshTokens: async () =>
      numbersOf(await call('POST', 'refresh-tokens/revoke', {})).ended ?? 0,
    /** @returns The number of ended sessions. */
    endSessions: async () => numbersOf(await call('POST', 'sessions/end', {})).ended ?? 0,
    /** Makes the next token requests fail with 503, as if the provider were down. */
    breakTokens: (count: number) =>
      call('POST', 'faults', {
        endpoint: 'token',
        count,
        fault: { kind: 'respond', status: 503 },
      }),
    /** Turns nonces for proofs of possession on or off (RFC 9449 section 9). */
    requireNonces: (isOn: boolean) =>
      call('PATCH', 'settings', { apiNonces: isOn ? 'required' : 'off' }),
    mend: () => call('DELETE', 'faults'),
    /** The number of requests, by endpoint. */
    async requestCounts(): Promise<Readonly<Record<string, number>>> {
      const stats = await call('GET', 'stats')
      return numbersOf((stats as { counts?: unknown } | undefined)?.counts)
    },
  }
}

/** The numeric fields of an untrusted object. */
function numbersOf(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  )
}
