import type { Account, AuthClient, AuthenticationResult, SilentRequest } from '@carnet/browser'

/** A token, or the error of its request. Both are absent until the first answer. */
export interface TokenState {
  readonly result?: AuthenticationResult
  readonly error?: unknown
}

/** The token of one request, shared by all components that read it. */
export interface TokenEntry {
  state(): TokenState
  /** Resolves at the first answer, also after an error. */
  readonly settled: Promise<void>
  subscribe(listener: () => void): () => void
}

/** So long an answer waits for a component to render it. React renders a component that failed twice before it gives up. */
const UNREAD_MS = 500

/** The longest delay of `setTimeout`. */
const LONGEST_MS = 2 ** 31 - 1

const known = new WeakMap<AuthClient, ReturnType<typeof createTokens>>()

/** Returns the tokens of the components of a client. They outlive a component that suspends. */
export function tokensOf(client: AuthClient) {
  const tokens = known.get(client) ?? createTokens(client)
  known.set(client, tokens)
  return tokens
}

type Request = Omit<SilentRequest, 'signal'>

function createTokens(client: AuthClient) {
  const entries = new Map<string, TokenEntry>()
  return {
    entryFor(request: Request, account: Account | null): TokenEntry {
      const { scopes, correlationId, ...rest } = request
      const key = JSON.stringify([[...scopes].sort(), { ...rest, account: account?.id }])
      const drop = () => {
        if (entries.get(key) === entry) entries.delete(key)
      }
      const entry = entries.get(key) ?? openEntry(client, withAccount(request, account), drop)
      entries.set(key, entry)
      return entry
    },
  }
}

const withAccount = (request: Request, account: Account | null): Request =>
  account ? { ...request, account } : request

/** @param drop Forgets the entry: the next component that asks for the token gets a new one. */
function openEntry(client: AuthClient, request: Request, drop: () => void): TokenEntry {
  const listeners = new Set<() => void>()
  let state: TokenState = {}
  let expiring: ReturnType<typeof setTimeout> | undefined
  let stopEvents: (() => void) | undefined

  function set(next: TokenState): void {
    if (next.result && next.result.accessToken === state.result?.accessToken) return
    state = next
    // An error lasts until the boundary of the component is reset.
    if (next.error) setTimeout(drop, UNREAD_MS)
    for (const listener of [...listeners]) listener()
    renewAtExpiry()
  }
  /** Asks the client again. It answers from memory, unless the token has expired. */
  async function refresh(): Promise<void> {
    await client.acquireTokenSilent(request).then(
      (result) => set({ result }),
      (error) => set({ error }),
    )
  }
  function renewAtExpiry(): void {
    clearTimeout(expiring)
    if (!state.result || listeners.size === 0) return
    const restMs = state.result.expiresOn.getTime() - Date.now()
    expiring = setTimeout(refresh, Math.min(Math.max(restMs, 0), LONGEST_MS))
  }
  function listen(): void {
    const onToken = ({ account }: { account: Account }) => {
      if (account.id === state.result?.account.id) void refresh()
    }
    const stops = [client.on('tokenRenewed', onToken), client.on('tokenAcquired', onToken)]
    stopEvents = () => {
      for (const stop of stops) stop()
    }
  }
  const dropIfUnread = () => {
    if (listeners.size === 0) drop()
  }

  const settled = refresh().then(() => {
    // React reads an answer with these fields at once, without a wait.
    Object.assign(settled, { status: 'fulfilled', value: undefined })
    setTimeout(dropIfUnread, UNREAD_MS)
  })
  return {
    state: () => state,
    settled,
    subscribe(listener) {
      const own = () => listener()
      listeners.add(own)
      if (listeners.size === 1) {
        listen()
        renewAtExpiry()
        void refresh() // The token may have been renewed since the component was rendered.
      }
      return () => {
        listeners.delete(own)
        if (listeners.size > 0) return
        stopEvents?.()
        clearTimeout(expiring)
        setTimeout(dropIfUnread, UNREAD_MS)
      }
    },
  }
}
