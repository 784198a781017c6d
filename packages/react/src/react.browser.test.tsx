import type { AuthClient } from '@carnet/browser'
import * as React from 'react'
import { type ComponentType, Profiler, Suspense, useEffect, useState } from 'react'
import { renderToString } from 'react-dom/server.browser'
import { expect, test } from 'vitest'
import { SignedIn, SignedOut, useApi } from './index.ts'
import { Account, bob, createClient, show, Token, Who } from './testing/test-app.tsx'

test('the session follows the client, and its end removes all listeners', async () => {
  const { client, becomes, listeners } = createClient()
  const { text, root } = show(Promise.resolve(client), <Who />)
  await expect.poll(text).toBe('signedIn alice')
  becomes(bob)
  await expect.poll(text).toBe('signedIn bob')
  becomes(null)
  await expect.poll(text).toBe('signedOut -')
  root.unmount()
  await expect.poll(listeners).toBe(0)
})

test('a renewed token renders its readers only', async () => {
  const { client, renews } = createClient()
  const renders: Record<string, number> = { session: 0, account: 0, token: 0 }
  const count = (id: string) => {
    renders[id] = (renders[id] ?? 0) + 1
  }
  const parts: Record<string, ComponentType> = { session: Who, account: Account, token: Token }
  const { text } = show(
    client,
    Object.entries(parts).map(([id, Part]) => (
      <Profiler key={id} id={id} onRender={count}>
        <Suspense fallback="waits">
          <Part />
        </Suspense>
      </Profiler>
    )),
  )
  await expect.poll(text).toBe('signedIn alicealicealice 0')
  const before = { ...renders }
  for (let renewal = 1; renewal <= 5; renewal += 1) {
    renews()
    await expect.poll(text).toBe(`signedIn alicealicealice ${renewal}`)
  }
  expect(renders).toEqual({ ...before, token: (before.token ?? 0) + 5 })
})

test('the token follows the active account', async () => {
  const { client, becomes } = createClient()
  const { text } = show(
    Promise.resolve(client),
    <Suspense fallback="waits">
      <SignedIn>
        <Token />
      </SignedIn>
      <SignedOut>nobody</SignedOut>
    </Suspense>,
  )
  await expect.poll(text).toBe('alice 0')
  becomes(bob)
  await expect.poll(text).toBe('bob 0')
  becomes(null)
  await expect.poll(text).toBe('nobody')
})

interface Hands {
  call(): unknown
  hide(): unknown
  readonly outcomes: unknown[]
}

function Caller({ hands }: { hands: Hands }) {
  const api = useApi()
  hands.call = () => api('/x').catch((error) => hands.outcomes.push(error.name))
  return null
}

function Host({ hands }: { hands: Hands }) {
  const [isShown, setShown] = useState(true)
  hands.hide = () => setShown(false)
  return isShown ? <Caller hands={hands} /> : null
}

test('a component that ends aborts its calls, and another instance still works', async () => {
  const { client, state } = createClient()
  const outcomes: unknown[] = []
  const hands: Hands = { call: () => undefined, hide: () => undefined, outcomes }
  show(client, <Host hands={hands} />)
  const call = () => hands.call()
  const hide = () => hands.hide()
  await expect.poll(() => (state.signals.length > 0 ? true : void call())).toBe(true)
  expect(state.signals.map(({ aborted }) => aborted)).not.toContain(true)
  hide()
  await expect.poll(() => state.signals.every(({ aborted }) => aborted)).toBe(true)
  await expect.poll(() => outcomes[0]).toBe('AbortError')
  call()
  await expect.poll(() => outcomes.length).toBeGreaterThan(1)
  expect(new Set(outcomes)).toEqual(new Set(['AbortError']))
})

/** Calls the API in its effect, as the child of the component that has the API. */
function Child({ api, answers }: { api: AuthClient['fetch']; answers: string[] }) {
  useEffect(() => {
    api('/x').then(
      () => answers.push('answer'),
      ({ name }) => answers.push(name),
    )
  }, [api, answers])
  return null
}

function Parent({ answers }: { answers: string[] }) {
  return <Child api={useApi()} answers={answers} />
}

test('the double effects of StrictMode abort no call, also not one of a child', async () => {
  const { client, state } = createClient()
  state.fetch = async () => new Response()
  const answers: string[] = []
  show(client, <Parent answers={answers} />)
  await expect.poll(() => answers).toEqual(['answer', 'answer'])
  expect(state.signals.map(({ aborted }) => aborted)).toEqual([false, false])
})

interface Modes {
  set?(mode: 'visible' | 'hidden'): void
}

function Tab({ modes, children }: { modes: Modes; children: React.ReactNode }) {
  const [mode, setMode] = useState<'visible' | 'hidden'>('visible')
  modes.set = setMode
  return <React.Activity mode={mode}>{children}</React.Activity>
}

test.runIf('Activity' in React)('a component that is shown again calls again', async () => {
  const { client, state } = createClient()
  state.fetch = async () => new Response()
  const answers: string[] = []
  const modes: Modes = {}
  const parent = <Parent answers={answers} />
  show(client, <Tab modes={modes}>{parent}</Tab>)
  await expect.poll(() => answers.length).toBe(2)
  modes.set?.('hidden')
  await expect.poll(() => state.signals.every(({ aborted }) => aborted)).toBe(true)
  modes.set?.('visible')
  await expect.poll(() => answers.length).toBeGreaterThan(2)
  expect(new Set(answers)).toEqual(new Set(['answer']))
})

test('without a provider, a hook explains itself', () => {
  expect(() => renderToString(<Who />)).toThrow('Wrap the app in <AuthProvider')
})
