import { AuthError } from '@carnet/core/base'
import { expect, test } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import { createFakeAuth, personNamed } from '../testing/fake-auth.ts'
import { createSource, unknownSnapshot } from './snapshot.ts'

test('a client and its promise have one source each, and the snapshot of the client', async () => {
  const { auth } = createFakeAuth()
  const promise = Promise.resolve(auth)
  expect(createSource(auth)).toBe(createSource(auth))
  expect(createSource(promise)).toBe(createSource(promise))
  expect(createSource(createSource(auth).ready)).toBe(createSource(auth))
  expect(createSource(auth).snapshot()).toBe(auth.snapshot())
  expect(createSource(promise).snapshot()).toBe(unknownSnapshot)
  expect(await createSource(promise).ready).toBe(auth)
  expect(createSource(promise).snapshot()).toBe(auth.snapshot())
  expect(createSource(promise).client).toBe(auth)
  expect(createSource(createSource(auth).ready)).toBe(createSource(auth))
})

test('listeners hear of the start of the client, and of each change after it', async () => {
  const { auth, move, listeners } = createFakeAuth()
  const source = createSource(Promise.resolve(auth))
  const seen: string[] = []
  const note = () => {
    const { status, account } = source.snapshot()
    seen.push(`${status} ${account?.username ?? ''}`)
  }
  const stop = source.subscribe(note)
  const stopSecond = source.subscribe(note)
  expect(seen).toEqual([])
  await source.ready
  move({ account: personNamed('alice') })
  stop()
  move({ account: null })
  expect(seen).toEqual([
    ...['signedOut ', 'signedOut '],
    ...['signedIn alice', 'signedIn alice'],
    'signedOut ',
  ])
  stopSecond()
  expect(listeners()).toBe(0)
  source.subscribe(note)()
  expect(listeners()).toBe(0)
})

test('a new ID token of the same user is no change, another name is one', () => {
  const { auth, move } = createFakeAuth()
  const source = createSource(auth)
  const withClaims = (claims: object) => {
    const account = personNamed('alice')
    const one = { ...account, idTokenClaims: { ...account.idTokenClaims, ...claims } }
    move({ account: one, accounts: [one] })
  }
  withClaims({ iat: 1, exp: 2, nonce: 'a' })
  const before = source.snapshot()
  expect(before.account?.username).toBe('alice')
  withClaims({ nonce: 'b', exp: 12, iat: 11 })
  expect(source.snapshot()).toBe(before)
  withClaims({ iat: 11, exp: 12, name: 'Alice Cooper' })
  expect(source.snapshot()).toBe(auth.snapshot())
  move({ interaction: 'popup' })
  expect(source.snapshot()).toBe(auth.snapshot())
})

test('any number of listeners adds one listener to the client', async () => {
  const { auth, listeners } = createFakeAuth()
  const source = createSource(auth)
  expect(listeners()).toBe(0)
  const stops = Array.from({ length: 5 }, () => source.subscribe(() => undefined))
  expect(listeners()).toBe(1)
  for (const stop of stops) stop()
  expect(listeners()).toBe(0)
})

test('if the client cannot start, the snapshot has the error, and nothing is unhandled', async () => {
  const error = new AuthError('invalid_options', 'No authority.')
  const source = createSource(Promise.reject(error))
  let told = 0
  source.subscribe(() => told++)
  await expect(source.ready).rejects.toBe(error)
  expect(source.snapshot()).toEqual({ ...unknownSnapshot, error })
  expect(source.snapshot()).toBe(source.snapshot())
  expect(told).toBe(1)
})

test('the reason of another library becomes an AuthError', async () => {
  const reason = new TypeError('Failed to fetch')
  const source = createSource(Promise.reject<AuthClient>(reason))
  await expect(source.ready).rejects.toBe(reason)
  expect(source.snapshot().error).toMatchObject({ code: 'invalid_options', cause: reason })
})

test('without a client the status is unknown, as on a server', () => {
  const source = createSource(undefined)
  expect(createSource(undefined)).toBe(source)
  expect(source.snapshot()).toBe(unknownSnapshot)
  expect(Object.isFrozen(unknownSnapshot)).toBe(true)
  source.subscribe(() => undefined)()
})
