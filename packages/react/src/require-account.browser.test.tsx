import { AuthError } from '@carnet/browser'
import { expect, test } from 'vitest'
import { RequireAccount } from './index.ts'
import { Boundary, handsOf } from './testing/boundary.tsx'
import { alice, createClient, mayReport, show, Who } from './testing/test-app.tsx'

test('a redirect brings the user back to the page, with the fields of the request', async () => {
  const { client, state, becomes } = createClient(null)
  const { text } = show(
    Promise.resolve(client),
    <RequireAccount fallback="please wait" request={{ scopes: ['a'] }}>
      <Who />
    </RequireAccount>,
  )
  await expect.poll(() => state.signIns.length).toBeGreaterThan(0)
  // The client joins the equal calls of the two effects of StrictMode.
  const [first, ...others] = state.signIns
  expect(first).toEqual({ scopes: ['a'], interaction: 'redirect', returnTo: location.href })
  for (const other of others) expect(other).toEqual(first)
  expect(text()).toBe('please wait')
  becomes(alice)
  await expect.poll(text).toBe('signedIn alice')
})

test('a popup opens once, and a URL of the app wins over the current URL', async () => {
  const { client, state, becomes } = createClient(null)
  const popup = show(
    client,
    <RequireAccount interaction="popup">
      <Who />
    </RequireAccount>,
  )
  await expect.poll(() => state.signIns).toEqual([{ interaction: 'popup' }])
  expect(popup.text()).toBe('')
  becomes(alice)
  await expect.poll(popup.text).toBe('signedIn alice')
  const other = createClient(null)
  show(other.client, <RequireAccount returnTo="/start" />)
  await expect
    .poll(() => other.state.signIns[0])
    .toEqual({ interaction: 'redirect', returnTo: '/start' })
})

test('without an interaction the boundary gets the request of a sign-in', async () => {
  mayReport(/No account is active|interaction_required|boundary|Boundary/)
  const { client, state } = createClient(null)
  const hands = handsOf()
  const { text } = show(
    client,
    <Boundary hands={hands}>
      <RequireAccount interaction="none" request={{ scopes: ['a'] }} />
    </Boundary>,
  )
  await expect.poll(text).toBe('interaction_required')
  expect(hands.caught).toMatchObject([{ reason: 'no_account', request: { scopes: ['a'] } }])
  expect(state.signIns).toEqual([])
})

test('a failed sign-in reaches the boundary, and its reset starts another', async () => {
  mayReport(/The user gave up|user_cancelled|boundary|Boundary/)
  const { client, state, becomes } = createClient(null)
  state.signIn = async () => {
    throw new AuthError('user_cancelled', 'The user gave up.')
  }
  const hands = handsOf()
  const { text } = show(
    client,
    <Boundary hands={hands}>
      <RequireAccount interaction="popup" fallback="please wait">
        <Who />
      </RequireAccount>
    </Boundary>,
  )
  await expect.poll(text).toBe('user_cancelled')
  state.signIn = () => new Promise(() => undefined)
  const before = state.signIns.length
  hands.reset()
  await expect.poll(text).toBe('please wait')
  await expect.poll(() => state.signIns.length).toBe(before + 1)
  becomes(alice)
  await expect.poll(text).toBe('signedIn alice')
})

test('a user who is signed in sees the content, without a sign-in, until the sign-out', async () => {
  const { client, state, becomes } = createClient()
  const { text } = show(
    client,
    <RequireAccount fallback="please wait">
      <Who />
    </RequireAccount>,
  )
  await expect.poll(text).toBe('signedIn alice')
  expect(state.signIns).toEqual([])
  becomes(null)
  await expect.poll(text).toBe('please wait')
  // The sign-out of another tab may still be on its way to the provider.
  await expect.poll(() => state.signIns).toMatchObject([{ prompt: 'login' }])
})
