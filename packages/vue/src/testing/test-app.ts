import type { AuthenticationResult } from '@carnet/browser'
import { AuthError } from '@carnet/core/base'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { type App, type Component, createApp, nextTick } from 'vue'
import { createFakeAuth } from '../../../browser/src/testing/fake-auth.ts'
import { createCarnet, useToken } from '../index.ts'

// The build of an app defines these flags. Vue warns without them.
for (const name of ['OPTIONS_API', 'PROD_DEVTOOLS', 'PROD_HYDRATION_MISMATCH_DETAILS'])
  Object.assign(globalThis, { [`__VUE_${name}__`]: name === 'OPTIONS_API' })

export const HOUR_MS = 3_600_000

/** A request for a token that waits for the answer of the test. */
export interface TokenCall {
  readonly request: { readonly scopes: readonly string[]; readonly sources?: readonly string[] }
  answer(token: string, lifetimeMs?: number): void
  refuse(code: 'invalid_request' | 'network_error'): void
}

/** A client whose session the test moves, and whose requests the test answers. */
export function createClient() {
  const fake = createFakeAuth()
  const calls: TokenCall[] = []
  const signals: AbortSignal[] = []
  Object.assign(fake.auth, {
    acquireTokenSilent(given: TokenCall['request'] & { signal: AbortSignal }) {
      const { signal: _, ...request } = given
      // A worker gets a clone of the request.
      structuredClone(request)
      return new Promise((resolve, reject) => {
        calls.push({
          request,
          answer: (accessToken, lifetimeMs = HOUR_MS) => {
            const expiresOn = new Date(Date.now() + lifetimeMs)
            resolve({ accessToken, expiresOn } as AuthenticationResult)
          },
          refuse: (code) => reject(new AuthError(code, 'The test refuses.')),
        })
      })
    },
    fetch: (_: unknown, { signal }: { signal: AbortSignal }) => {
      signals.push(signal)
      return new Promise(() => undefined)
    },
  })
  return { ...fake, calls, signals }
}

/** Warnings and errors of Vue. */
export const reported: unknown[][] = []
beforeEach(() => {
  reported.length = 0
  for (const level of ['warn', 'error'] as const)
    vi.spyOn(console, level).mockImplementation((...given) => void reported.push(given))
})
export const ending: (() => void)[] = []
afterEach(() => {
  for (const end of ending.splice(0)) end()
  vi.useRealTimers()
  vi.restoreAllMocks()
  expect(reported).toEqual([])
})

/** Mounts an app in a container of its own. */
export function show(
  root: Component,
  { auth }: Pick<ReturnType<typeof createClient>, 'auth'>,
  prepare: (app: App) => void = () => undefined,
) {
  const container = document.body.appendChild(document.createElement('div'))
  const app = createApp(root).use(createCarnet(auth))
  prepare(app)
  app.mount(container)
  let isMounted = true
  const unmount = () => {
    if (isMounted) app.unmount()
    isMounted = false
  }
  ending.push(unmount, () => container.remove())
  return { app, text: () => container.textContent, unmount }
}

/** Lets answers reach the page. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await Promise.resolve()
  await nextTick()
}

/** Shows the token of a request. */
export const tokenOf = (request: Parameters<typeof useToken>[0]) => ({
  setup() {
    const { token, error } = useToken(request)
    return () => error.value?.code ?? token.value?.accessToken ?? 'waits'
  },
})
