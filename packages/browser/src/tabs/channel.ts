/** Said between tabs. Names what changed, never carries a token: the store is the one source. */
export type TabMessage =
  | {
      readonly type: 'tokensChanged'
      readonly clientId: string
      readonly account: string
      readonly token?: TokenNote | undefined
    }
  | { readonly type: 'accountsChanged'; readonly clientId: string; readonly account: string }

/** What is told of a token: what it is for and until when, never the token. */
export interface TokenNote {
  readonly resource: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
  readonly source: 'interaction' | 'renewal'
}

export interface TabChannel {
  say(message: TabMessage): void
  close(): void
}

export function parseTabMessage(data: unknown): TabMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { type, clientId, account, token } = data as Record<string, unknown>
  if (typeof clientId !== 'string' || typeof account !== 'string') return undefined
  if (type === 'accountsChanged') return { type, clientId, account }
  return type === 'tokensChanged'
    ? { type, clientId, account, token: parseTokenNote(token) }
    : undefined
}

function parseTokenNote(value: unknown): TokenNote | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { resource, scopes, expiresAtMs, source } = value as Record<string, unknown>
  const whole =
    typeof resource === 'string' &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string') &&
    typeof expiresAtMs === 'number' &&
    Number.isFinite(expiresAtMs) &&
    (source === 'interaction' || source === 'renewal')
  return whole ? { resource, scopes, expiresAtMs, source } : undefined
}

/** Opens the channel of all tabs that share the cache `name`. */
export function openTabChannel(name: string, hear: (message: TabMessage) => void): TabChannel {
  const channel = new BroadcastChannel(`carnet|${name}`)
  channel.addEventListener('message', ({ data }) => {
    const message = parseTabMessage(data)
    if (message) hear(message)
  })
  let open = true
  return {
    say: (message) => {
      if (open) channel.postMessage(message)
    },
    close() {
      open = false
      channel.close()
    },
  }
}
