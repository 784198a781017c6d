import type { AuthClient, AuthError, AuthenticationResult, Snapshot } from '@carnet/browser'
import { type ReactNode, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { AuthProvider, useAccount, useAuth, useToken } from '../index.ts'

export const alice = { id: 'alice', username: 'alice' } as AuthClient['accounts'][number]
export const bob = { id: 'bob', username: 'bob' } as typeof alice

/** A client whose snapshot and tokens the test moves. */
export function createClient(account: typeof alice | null = alice) {
  type Listener = (event: unknown) => void
  const listeners = new Map<string, Set<Listener>>()
  const emit = (name: string, event: unknown) => {
    for (const listener of [...(listeners.get(name) ?? [])]) listener(event)
  }
  const snapshotOf = (active: typeof alice | null): Snapshot => ({
    status: active ? 'signedIn' : 'signedOut',
    account: active,
    accounts: [alice, bob],
    ...{ interaction: null, error: null, challenge: null },
  })
  let snapshot = snapshotOf(account)
  const state = {
    tokens: 0,
    failure: undefined as AuthError | undefined,
    signals: [] as AbortSignal[],
  }
  const client = {
    snapshot: () => snapshot,
    on(name: string, listener: Listener) {
      const all = listeners.get(name) ?? new Set()
      listeners.set(name, all.add(listener))
      return () => all.delete(listener)
    },
    async acquireTokenSilent({ account: of }: { account?: typeof alice }) {
      if (state.failure) throw state.failure
      const accessToken = `${of?.id} ${state.tokens}`
      const expiresOn = new Date(Date.now() + 3_600_000)
      return { accessToken, account: of, expiresOn } as AuthenticationResult
    },
    fetch: (_: unknown, { signal }: { signal: AbortSignal }) => {
      state.signals.push(signal)
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    },
  } as unknown as AuthClient
  return {
    client,
    state,
    listeners: () => [...listeners.values()].reduce((sum, all) => sum + all.size, 0),
    becomes(active: typeof alice | null) {
      snapshot = snapshotOf(active)
      emit('changed', snapshot)
    },
    renews() {
      state.tokens += 1
      emit('tokenRenewed', { account: snapshot.account })
      emit('changed', snapshot)
    },
  }
}

/** Warnings and errors of React. */
export const reported: unknown[][] = []
beforeEach(() => {
  reported.length = 0
  for (const level of ['warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((...given) => {
      // The server of these tests shares its copy of React with the page.
      if (!/multiple renderers/.test(`${given[0]}`)) reported.push(given)
    })
})
export const ending: (() => void)[] = []
afterEach(() => {
  for (const end of ending.splice(0)) end()
  vi.restoreAllMocks()
  expect(reported).toEqual([])
})

/** Renders in a container of its own, with the double effects of StrictMode. */
export function show(client: AuthClient | PromiseLike<AuthClient>, children: ReactNode) {
  const container = document.body.appendChild(document.createElement('div'))
  const root = createRoot(container)
  root.render(
    <StrictMode>
      <AuthProvider client={client}>{children}</AuthProvider>
    </StrictMode>,
  )
  ending.push(() => root.unmount())
  return { text: () => container.textContent, root }
}

export function Who() {
  const { status, account } = useAuth()
  return <p>{`${status} ${account?.username ?? '-'}`}</p>
}

export function Token() {
  return <p>{useToken({ scopes: ['a'] }).accessToken}</p>
}

export function Account() {
  return <p>{useAccount()?.username}</p>
}
