import type { AuthClient } from '../api/auth-client.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { type TokenState, tokenOf, type WatchedToken, watchToken } from './watch-token.ts'

/** The token of one request, for all components of a page that read it. It outlives a component that suspends. */
export interface SharedToken {
  /** The token and the error of this moment. The same object until one of them changes. */
  state(): TokenState
  /** Returns the token, or `undefined` before the first answer. Throws the error, and forgets it after the second time. */
  read(): AuthenticationResult | undefined
  /** Resolves at the first answer, also if it is an error. */
  readonly settled: Promise<void>
  /** Calls the listener when the state changes. Returns a function that ends it. The last end forgets the token. */
  subscribe(listener: () => void): () => void
}

/** The token of a request, if there is one, and the number of its errors since the last token. */
interface Slot {
  token?: SharedToken | undefined
  failures: number
}

const known = new WeakMap<AuthClient, Map<string, Slot>>()

/** Returns the token of a request, for an account or for the active one. Equal requests of one client have the same token. */
export function sharedToken(client: AuthClient, request: WatchedToken): SharedToken {
  const slots = known.get(client) ?? new Map<string, Slot>()
  known.set(client, slots)
  const { correlationId, scopes, account, ...rest } = request
  const key = JSON.stringify([[...scopes].sort(), account?.id, rest])
  const slot = slots.get(key) ?? { failures: 0 }
  slots.set(key, slot)
  return slot.token ?? open(client, request, slot)
}

function open(client: AuthClient, request: WatchedToken, slot: Slot): SharedToken {
  const listeners = new Set<() => void>()
  const stops: (() => void)[] = []
  let state: TokenState = {}
  let reads = 0
  let settle: () => void = () => undefined

  function follow(): void {
    slot.token = token
    if (stops.length > 0) return
    const onInteraction = () => {
      slot.failures = 0
      forgetError()
    }
    stops.push(client.on('tokenAcquired', onInteraction), watchToken(client, request, set))
  }
  /** The next component that asks for the token gets a new answer. */
  function forget(): void {
    if (slot.token === token) slot.token = undefined
    for (const stop of stops.splice(0)) stop()
  }
  function forgetError(): void {
    if (state.error) forget()
  }
  function set(next: TokenState): void {
    if (next.token?.accessToken === state.token?.accessToken && next.error === state.error) return
    const isFirst = !state.token && !state.error
    state = next
    slot.failures = next.error ? slot.failures + 1 : 0
    settle()
    // A component that has gone while it waited never reads the error.
    if (next.error) setTimeout(forgetError, 1_000 * backoff(slot.failures))
    for (const listener of [...listeners]) listener()
    // Nobody follows a token that no component has read yet.
    if (!isFirst && listeners.size === 0) forget()
  }
  /**
   * Forgets an error that React has read, so that a boundary that is reset gets a new answer. React renders a failed component twice,
   * and shows the boundary in the task of the second time. A page that breaks this rule must not ask for ever, so each further error
   * in a row lasts longer.
   */
  function forgetRead(): void {
    reads += 1
    if (slot.failures > 1) setTimeout(forgetError, 100 * backoff(slot.failures - 1))
    else if (reads > 1) queueMicrotask(forgetError)
  }

  const token: SharedToken = {
    state: () => state,
    read() {
      if (state.error) forgetRead()
      return tokenOf(state)
    },
    settled: new Promise((resolve) => {
      settle = resolve
    }),
    subscribe(listener) {
      // Equal listeners of two components are two entries.
      const own = () => listener()
      listeners.add(own)
      follow()
      return () => {
        listeners.delete(own)
        if (listeners.size === 0) forget()
      }
    },
  }
  follow()
  return token
}

const backoff = (failures: number) => 2 ** Math.min(failures, 6)
