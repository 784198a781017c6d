import { expect, test } from 'vitest'
import { createSource } from '../bindings/snapshot.ts'
import { watchToken } from '../bindings/watch-token.ts'
import { createTestClient } from './test-client.ts'

test('a test client signs in and out at once, and its listeners hear of it', async () => {
  const auth = createTestClient()
  const source = createSource(auth)
  const seen: unknown[] = []
  source.subscribe(() => seen.push([source.snapshot().status, auth.activeAccount?.name]))
  const { account } = await auth.signIn({ scopes: ['mail.read'] })
  expect(account).toMatchObject({ username: 'alice', name: 'Alice' })
  expect(auth.accounts).toEqual([account])
  await auth.signOut()
  expect(seen).toEqual([
    ['signedIn', 'Alice'],
    ['signedOut', undefined],
  ])
  expect(auth.accounts).toEqual([])
})

test('a token is that of the active account, and without an account the user is needed', async () => {
  const auth = createTestClient({ user: { sub: 'bob' } })
  const scopes = ['mail.read']
  const tokens: unknown[] = []
  const end = watchToken(auth, { scopes }, ({ token, error }) =>
    tokens.push(token?.accessToken ?? error?.code),
  )
  await expect.poll(() => tokens).toEqual(['test-token-of-bob'])
  await auth.signOut()
  await expect.poll(() => tokens.at(-1)).toBe('interaction_required')
  await expect(auth.acquireTokenSilent({ scopes })).rejects.toMatchObject({ request: { scopes } })
  await auth.acquireTokenPopup({ scopes })
  expect(auth.activeAccount?.username).toBe('bob')
  end()
})

test('members replace those of the test client', async () => {
  const fetch = async () => Response.json({ events: 2 })
  const auth = createTestClient({ user: { sub: 'bob' }, members: { fetch } })
  expect(await (await auth.fetch('/api')).json()).toEqual({ events: 2 })
  expect(auth.snapshot().account?.username).toBe('bob')
})

test('requests of other HTTP clients stay as they are', async () => {
  const auth = createTestClient({ user: { sub: 'bob' } })
  const request = new Request('https://api.example.com/')
  expect(await auth.authorize(request)).toBe(request)
  expect(await auth.remedy(request, new Response(null, { status: 401 }))).toBe('none')
})
