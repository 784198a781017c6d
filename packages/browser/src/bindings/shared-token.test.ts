import { AuthError } from '@carnet/core/base'
import { expect, test, vi } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { sharedToken } from './shared-token.ts'

const alice = { id: 'alice' } as AuthClient['accounts'][number]
const bob = { id: 'bob' } as typeof alice
const request = { scopes: ['a', 'b'], account: alice }
const refused = new AuthError('network_error', 'The provider did not answer.')

/** A client that answers with numbered tokens, or with errors. */
function setUp() {
  const listeners = new Map<string, Set<(event: object) => void>>()
  const state = { asked: 0, token: 1, failure: undefined as AuthError | undefined }
  const client = {
    on(name: string, listener: (event: object) => void) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => void set.delete(listener)
    },
    async acquireTokenSilent() {
      state.asked += 1
      if (state.failure) throw state.failure
      const expiresOn = new Date(Date.now() + 3_600_000)
      return { accessToken: `${state.token}`, expiresOn } as AuthenticationResult
    },
  } as unknown as AuthClient
  return {
    client,
    state,
    async emit(name: string) {
      for (const listener of [...(listeners.get(name) ?? [])]) listener({})
      await settled()
    },
    listening: () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0),
  }
}

/** All promises of a fake client settle before the next task. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('equal requests of a client share one token, of each account its own', async () => {
  const { client, state } = setUp()
  const token = sharedToken(client, request)
  expect(sharedToken(client, { account: alice, scopes: ['b', 'a'], correlationId: 'x' })).toBe(
    token,
  )
  expect(token.read()).toBeUndefined()
  await token.settled
  expect(sharedToken(client, request)).toBe(token)
  expect(token.read()?.accessToken).toBe('1')
  expect(state.asked).toBe(1)
  expect(sharedToken(client, { ...request, account: bob })).not.toBe(token)
  expect(sharedToken(client, { scopes: ['a'], account: alice })).not.toBe(token)
  expect(sharedToken(setUp().client, request)).not.toBe(token)
})

test('a renewed token reaches its readers, and the last end removes all listeners', async () => {
  const { client, state, emit, listening } = setUp()
  const token = sharedToken(client, request)
  await token.settled
  let told = 0
  const tell = () => {
    told += 1
  }
  const ends = [token.subscribe(tell), token.subscribe(tell)]
  await emit('tokenRenewed')
  expect(told).toBe(0)
  state.token = 2
  await emit('tokenRenewed')
  expect(told).toBe(2)
  expect(token.read()?.accessToken).toBe('2')
  ends[0]?.()
  expect(sharedToken(client, request)).toBe(token)
  ends[1]?.()
  expect(listening()).toBe(0)
  expect(sharedToken(client, request)).not.toBe(token)
})

test('a component whose effects start twice keeps its token', async () => {
  const { client, state, emit } = setUp()
  const token = sharedToken(client, request)
  await token.settled
  token.subscribe(() => undefined)()
  token.subscribe(() => undefined)
  expect(sharedToken(client, request)).toBe(token)
  const before = token.state()
  await settled()
  expect(token.state()).toBe(before)
  state.token = 2
  await emit('tokenRenewed')
  expect(token.read()?.accessToken).toBe('2')
})

test('a token that no component has read yet is kept, and not followed', async () => {
  const { client, state, emit, listening } = setUp()
  const token = sharedToken(client, request)
  await token.settled
  state.token = 2
  await emit('tokenRenewed')
  expect(listening()).toBe(0)
  const next = sharedToken(client, request)
  await next.settled
  expect(next.read()?.accessToken).toBe('2')
})

test('an error lasts until the end of the task in which React has read it twice', async () => {
  const { client, state } = setUp()
  state.failure = refused
  const token = sharedToken(client, request)
  await token.settled
  await settled()
  expect(sharedToken(client, request)).toBe(token)
  for (const attempt of ['first', 'second']) {
    expect(() => token.read()).toThrow(refused)
    expect(sharedToken(client, request)).toBe(token)
    if (attempt === 'first') await settled()
  }
  await Promise.resolve()
  state.failure = undefined
  const next = sharedToken(client, request)
  expect(next).not.toBe(token)
  await next.settled
  expect(next.read()?.accessToken).toBe('1')
})

test('an error that no component reads is forgotten', async () => {
  vi.useFakeTimers()
  const { client, state } = setUp()
  state.failure = refused
  const token = sharedToken(client, request)
  await token.settled
  expect(sharedToken(client, request)).toBe(token)
  await vi.advanceTimersByTimeAsync(2_000)
  expect(sharedToken(client, request)).not.toBe(token)
  vi.useRealTimers()
})

test('a token after an error is followed on', async () => {
  vi.useFakeTimers()
  const { client, state, emit } = setUp()
  const token = sharedToken(client, request)
  await token.settled
  token.subscribe(() => undefined)
  state.failure = refused
  const renewing = emit('renewalFailed')
  await vi.advanceTimersByTimeAsync(0)
  await renewing
  state.failure = undefined
  state.token = 2
  const renewed = emit('tokenRenewed')
  await vi.advanceTimersByTimeAsync(60_000)
  await renewed
  expect(sharedToken(client, request)).toBe(token)
  state.token = 3
  const again = emit('tokenRenewed')
  await vi.advanceTimersByTimeAsync(0)
  await again
  expect(token.read()?.accessToken).toBe('3')
  vi.useRealTimers()
})

test('a page that reads each error too often does not ask for ever', async () => {
  vi.useFakeTimers()
  const { client, state } = setUp()
  state.failure = refused
  /** True if a further reading still finds the error. */
  async function isThereAfter(waitMs: number) {
    const token = sharedToken(client, request)
    await token.settled
    for (const _ of ['first', 'second']) expect(() => token.read()).toThrow(refused)
    await vi.advanceTimersByTimeAsync(waitMs)
    return sharedToken(client, request) === token
  }
  expect(await isThereAfter(0)).toBe(false)
  expect(await isThereAfter(250)).toBe(false)
  expect(await isThereAfter(250)).toBe(true)
  await vi.advanceTimersByTimeAsync(150)
  state.failure = undefined
  await sharedToken(client, request).settled
  vi.useRealTimers()
})

test('an interaction ends an error at once', async () => {
  const { client, state, emit, listening } = setUp()
  state.failure = refused
  for (const _failure of ['first', 'second', 'third']) {
    const token = sharedToken(client, request)
    await token.settled
    for (const _ of ['first', 'second']) expect(() => token.read()).toThrow(refused)
    await settled()
  }
  const held = sharedToken(client, request)
  await held.settled
  state.failure = undefined
  await emit('tokenAcquired')
  expect(listening()).toBe(0)
  const next = sharedToken(client, request)
  expect(next).not.toBe(held)
  await next.settled
  expect(next.read()?.accessToken).toBe('1')
})
