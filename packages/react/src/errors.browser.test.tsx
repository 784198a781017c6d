import { AuthError } from '@carnet/browser'
import { Suspense, version } from 'react'
import { expect, test } from 'vitest'
import { Boundary, handsOf } from './testing/boundary.tsx'
import { createClient, mayReport, show, Token } from './testing/test-app.tsx'

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
  await expect.poll(() => hands.caught).toEqual([state.failure])
  expect(text()).toBe('network_error')
  const asked = state.asked
  state.failure = undefined
  hands.reset()
  await expect.poll(text).toBe('alice 0')
  expect(state.asked).toBeGreaterThan(asked)
  expect(recovered).toEqual([])
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
  // In development, React 18 renders a failed component more often.
  if (version.startsWith('18.')) expect(state.asked).toBeLessThan(8)
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
