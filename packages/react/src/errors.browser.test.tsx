import { AuthError } from '@carnet/browser'
import { Suspense, version } from 'react'
import { expect, test } from 'vitest'
import { Boundary, handsOf } from './testing/boundary.tsx'
import { createClient, mayReport, show, Token } from './testing/test-app.tsx'

/**
 * In development, React 18 renders a failed component four times. If a busy machine pauses it between these renders, it asks for the
 * token more often, and the last error stays for a moment.
 */
const rendersOften = version.startsWith('18.')

const failure = () => new AuthError('network_error', 'The provider did not answer.')

test('a boundary that is reset asks for the token again, at once', async () => {
  mayReport(/network_error|did not answer|error boundary|Boundary/)
  const { client, state } = createClient()
  state.failure = failure()
  const hands = handsOf()
  const { text, recovered } = show(
    client,
    <Boundary hands={hands}>
      <Suspense fallback="waits">
        <Token />
      </Suspense>
    </Boundary>,
  )
  await expect.poll(() => hands.caught[0]).toBe(state.failure)
  await expect.poll(text).toBe('network_error')
  const asked = state.asked
  state.failure = undefined
  hands.reset()
  if (rendersOften)
    await expect.poll(() => (text() === 'network_error' ? hands.reset() : text())).toBe('alice 0')
  await expect.poll(text).toBe('alice 0')
  expect(state.asked).toBeGreaterThan(asked)
  if (!rendersOften) expect([hands.caught.length, recovered]).toEqual([1, []])
})

/** Renders so long that React pauses between its parts. */
function Slow() {
  return [...'abcdefghijklmnopqrst'].map((name) => <Part key={name} />)
}

function Part() {
  const endMs = performance.now() + 4
  while (performance.now() < endMs);
  return <b />
}

test('a slow page shows the error, and does not ask for ever', async () => {
  mayReport(/network_error|did not answer|error boundary|Boundary/)
  const { client, state } = createClient()
  state.failure = failure()
  const hands = handsOf()
  const { text, recovered } = show(
    client,
    <Suspense fallback="waits">
      <Boundary hands={hands}>
        <Token />
      </Boundary>
      <Slow />
    </Suspense>,
  )
  await expect.poll(text).toBe('network_error')
  if (rendersOften) expect(state.asked).toBeLessThan(8)
  else expect([state.asked, recovered]).toEqual([1, []])
})

test('a renewal that fails reaches the boundary, and the next sign-in shows a token', async () => {
  mayReport(/network_error|did not answer|error boundary|Boundary/)
  const { client, state, expires, acquires } = createClient()
  const hands = handsOf()
  const { text } = show(
    client,
    <Boundary hands={hands}>
      <Suspense fallback="waits">
        <Token />
        <Token />
      </Suspense>
    </Boundary>,
  )
  await expect.poll(text).toBe('alice 0alice 0')
  state.failure = failure()
  expires()
  await expect.poll(text).toBe('network_error')
  state.failure = undefined
  acquires()
  hands.reset()
  await expect.poll(text).toBe('alice 1alice 1')
})

function Counted({ renders }: { renders: { count: number } }) {
  renders.count += 1
  return <Token />
}

test('a client that cannot start is an error of the token, once', async () => {
  mayReport(/No authority|error boundary|Boundary/)
  const hands = handsOf()
  const renders = { count: 0 }
  const { text } = show(
    Promise.reject(new AuthError('invalid_options', 'No authority.')),
    <Boundary hands={hands}>
      <Suspense fallback="waits">
        <Counted renders={renders} />
      </Suspense>
    </Boundary>,
  )
  await expect.poll(text).toBe('invalid_options')
  expect(renders.count).toBeLessThan(20)
})
