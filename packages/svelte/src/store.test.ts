import { get } from 'svelte/store'
import { expect, test, vi } from 'vitest'
import { createFakeAuth, personNamed, tokenNamed } from '../../browser/src/testing/fake-auth.ts'
import { accountLoad } from './kit.ts'
import { authStore, tokenStore } from './store.ts'

test('a store follows the client while it has subscribers', () => {
  const { auth, move, listeners } = createFakeAuth()
  const seen: string[] = []
  const stop = authStore(auth).subscribe(({ account }) => seen.push(account?.username ?? 'nobody'))
  move({ account: personNamed('alice') })
  stop()
  move({ account: personNamed('bob') })
  expect(seen).toEqual(['nobody', 'alice'])
  expect(listeners()).toBe(0)
})

test('a store read later has the session of that moment', () => {
  const { auth, move } = createFakeAuth()
  const store = authStore(auth)
  move({ account: personNamed('alice') })
  expect(get(store).account?.username).toBe('alice')
})

test('a token is asked for while it has subscribers, and is not kept for later ones', async () => {
  const { auth, tokenRequests, listeners } = createFakeAuth()
  const store = tokenStore(auth, { scopes: ['a'] })
  const seen: (string | undefined)[] = []
  const stop = store.subscribe(({ token }) => seen.push(token?.accessToken))
  await vi.waitFor(() => expect(tokenRequests).toHaveLength(1))
  tokenRequests[0]?.resolve(tokenNamed('first'))
  await vi.waitFor(() => expect(seen).toEqual([undefined, 'first']))
  stop()
  expect(listeners()).toBe(0)
  store.subscribe(({ token }) => seen.push(token?.accessToken))()
  expect(seen).toEqual([undefined, 'first', undefined])
})

test('on a server the stores have the unknown session and no token', async () => {
  expect(get(authStore(undefined)).status).toBe('unknown')
  expect(get(tokenStore(undefined, { scopes: ['a'] }))).toEqual({})
})

test('on a server a guarded page is rendered without an account', async () => {
  const load = accountLoad(undefined, { to: null })
  expect(await load({ url: new URL('http://localhost/profile') })).toEqual({ account: null })
})
