import { InteractionRequiredError } from '@carnet/browser'
import { createTestClient } from '@carnet/browser/testing'
import { Suspense, useEffect, useState } from 'react'
import { expect, test } from 'vitest'
import { SignedIn, SignedOut, useAccount, useApi } from './index.ts'
import { Boundary, handsOf } from './testing/boundary.tsx'
import { mayReport, show, Token } from './testing/test-app.tsx'

function Events() {
  const api = useApi()
  const [events, setEvents] = useState<number>()
  useEffect(() => {
    api('/api/events')
      .then((response) => response.json())
      .then((body) => setEvents(body.events))
  }, [api])
  return `${useAccount()?.name} has ${events} events. `
}

const app = (
  <Suspense fallback="waits">
    <SignedOut>nobody</SignedOut>
    <SignedIn>
      <Events />
      <Token />
    </SignedIn>
  </Suspense>
)

test('components of an app work with a test client', async () => {
  const auth = createTestClient({
    user: { sub: 'alice', name: 'Alice Adams' },
    members: { fetch: async () => Response.json({ events: 2 }) },
  })
  const { text } = show(auth, app)
  await expect.poll(text).toBe('Alice Adams has 2 events. test-token-of-alice')
  await auth.signOut()
  await expect.poll(text).toBe('nobody')
  await auth.signIn()
  await expect.poll(text).toBe('Alice Adams has 2 events. test-token-of-alice')
})

test('a test client rejects as the test wants', async () => {
  mayReport(/The user is needed|boundary|Boundary/)
  const acquireTokenSilent = async () => {
    throw new InteractionRequiredError('consent', 'The user is needed.', { scopes: ['a'] })
  }
  const auth = createTestClient({ user: { sub: 'alice' }, members: { acquireTokenSilent } })
  const { text } = show(
    auth,
    <Boundary hands={handsOf()}>
      <Suspense fallback="waits">
        <Token />
      </Suspense>
    </Boundary>,
  )
  await expect.poll(text).toBe('interaction_required')
})
