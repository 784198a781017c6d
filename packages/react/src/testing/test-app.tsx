import type {
  AuthClient,
  AuthError,
  AuthenticationResult,
  InteractiveRequest,
  Snapshot,
} from '@carnet/browser'
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
    asked: 0,
    signIns: [] as InteractiveRequest[],
    signIn: (): Promise<unknown> => new Promise(() => undefined),
    failure: undefined as AuthError | undefined,
    signals: [] as AbortSignal[],
    fetch: (signal: AbortSignal): Promise<unknown> =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
  }
  const client = {
    snapshot: () => snapshot,
    on(name: string, listener: Listener) {
      const all = listeners.get(name) ?? new Set()
      listeners.set(name, all.add(listener))
      return () => all.delete(listener)
    },
    async acquireTokenSilent({ account: of }: { account?: typeof alice }) {
      state.asked += 1
      if (state.failure) throw state.failure
      const accessToken = `${of?.id} ${state.tokens}`
      const expiresOn = new Date(Date.now() + 3_600_000)
      return { accessToken, account: of, expiresOn } as AuthenticationResult
    },
    get activeAccount() {
      return snapshot.account
    },
    signIn(request: InteractiveRequest) {
      state.signIns.push(request)
      return state.signIn()
    },
    fetch: (_: unknown, { signal }: { signal: AbortSignal }) => {
      state.signals.push(signal)
      return state.fetch(signal)
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
    expires: () => emit('renewalFailed', { error: state.failure }),
    acquires() {
      state.tokens += 1
      emit('tokenAcquired', { account: snapshot.account })
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
const allowed: RegExp[] = []
/** Allows a message of React about an error that the test causes on purpose. */
export const mayReport = (text: RegExp) => void allowed.push(text)
beforeEach(() => {
  reported.length = 0
  allowed.length = 0
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
  const isAllowed = (given: unknown[]) => allowed.some((text) => text.test(given.join(' ')))
  expect(reported.filter((given) => !isAllowed(given))).toEqual([])
})

/** Renders in a container of its own, with the double effects of StrictMode. */
export function show(client: AuthClient | PromiseLike<AuthClient>, children: ReactNode) {
  const container = document.body.appendChild(document.createElement('div'))
  const recovered: unknown[] = []
  const root = createRoot(container, { onRecoverableError: (error) => recovered.push(error) })
  root.render(
    <StrictMode>
      <AuthProvider client={client}>{children}</AuthProvider>
    </StrictMode>,
  )
  ending.push(() => root.unmount())
  return { text: () => container.textContent, root, recovered }
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
