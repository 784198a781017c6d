/** Said between tabs. Names what changed, never carries a token: the store is the one source. */
export type TabMessage =
  | { readonly type: 'tokensChanged'; readonly clientId: string; readonly account: string }
  | { readonly type: 'accountsChanged'; readonly clientId: string; readonly account: string }

export interface TabChannel {
  say(message: TabMessage): void
  close(): void
}

export function parseTabMessage(data: unknown): TabMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { type, clientId, account } = data as Record<string, unknown>
  if (typeof clientId !== 'string' || typeof account !== 'string') return undefined
  return type === 'tokensChanged' || type === 'accountsChanged'
    ? { type, clientId, account }
    : undefined
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
