import { AuthError } from '@carnet/core/base'
import { expect, test, vi } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import type { AuthEvents } from '../api/events.ts'
import type { SilentRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { type TokenState, watchToken } from './watch-token.ts'

const request = { scopes: ['calendar.read'] }
const tokenOf = (accessToken: string) =>
  ({ accessToken, expiresOn: new Date(Date.now() + 3_600_000) }) as AuthenticationResult
const first = tokenOf('first')
const second = tokenOf('second')
const refused = new AuthError('interaction_required', 'The session has ended.')

/** A client whose provider and cache answer as a test says. */
function setUp() {
  const listeners = new Map<string, Set<(event: unknown) => void>>()
  const asked: SilentRequest[] = []
  const answers = {
    all: (): AuthenticationResult | Promise<AuthenticationResult> => first,
    cache: (): AuthenticationResult => first,
  }
  const auth = {
    on(name: string, listener: (event: unknown) => void) {
      const set = listeners.get(name) ?? new Set()
      listeners.set(name, set.add(listener))
      return () => void set.delete(listener)
    },
    async acquireTokenSilent(wanted: SilentRequest) {
      asked.push(wanted)
      return wanted.sources ? answers.cache() : answers.all()
    },
  } as unknown as AuthClient
  const reported: TokenState[] = []
  return {
    auth,
    answers,
    asked,
    reported,
    watch: (wanted = request) => watchToken(auth, wanted, (state) => reported.push(state)),
    async emit(name: keyof AuthEvents, event: object = {}) {
      for (const listener of listeners.get(name) ?? []) listener(event)
      await settled()
    },
    listening: () => [...listeners.values()].reduce((sum, { size }) => sum + size, 0),
  }
}

function pending<T>() {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((onResolve) => {
    resolve = onResolve
  })
  return { promise, resolve: (value: T) => resolve(value) }
}

/** All promises of a fake client settle before the next task. */
const settled = () => new Promise((resolve) => setTimeout(resolve))

test('reports the first token, and the token of each renewal', async () => {
  const { watch, answers, reported, emit } = setUp()
  watch()
  await settled()
  answers.cache = () => second
  await emit('tokenRenewed')
  expect(reported).toEqual([{ token: first }, { token: second }])
})

test('reports nothing when another token was renewed', async () => {
  const { watch, reported, emit } = setUp()
  watch()
  await settled()
  await emit('tokenRenewed')
  expect(reported).toHaveLength(1)
})

test('an answer of the provider that comes late wins over a miss in the cache', async () => {
  const { watch, answers, reported, emit } = setUp()
  const { promise, resolve: answer } = pending<AuthenticationResult>()
  answers.all = () => promise
  answers.cache = () => {
    throw refused
  }
  watch()
  await settled()
  await emit('tokenRenewed')
  answer(first)
  await settled()
  expect(reported).toEqual([{ token: first }])
})

test('reports an error, and the token after the interaction that ends it', async () => {
  const { watch, answers, reported, emit } = setUp()
  answers.all = () => {
    throw refused
  }
  watch()
  await settled()
  answers.all = () => second
  await emit('tokenAcquired')
  expect(reported).toEqual([{ error: refused }, { token: second }])
})

test('a failed renewal is an error only when the cache has no token', async () => {
  const { watch, answers, reported, emit } = setUp()
  watch()
  await settled()
  await emit('renewalFailed', { error: refused })
  expect(reported).toEqual([{ token: first }])
  answers.cache = () => {
    throw new AuthError('no_cached_token', 'The token has expired.')
  }
  await emit('renewalFailed', { error: refused })
  expect(reported.at(-1)).toEqual({ error: refused })
})

test('a token that expires is acquired again, and a refusal is an error', async () => {
  vi.useFakeTimers()
  const { watch, answers, reported } = setUp()
  watch()
  await vi.advanceTimersByTimeAsync(0)
  answers.all = () => {
    throw refused
  }
  await vi.advanceTimersByTimeAsync(3_600_000)
  vi.useRealTimers()
  expect(reported).toEqual([{ token: first }, { error: refused }])
})

test('no token of the account before is shown for the next account', async () => {
  const { watch, answers, reported, emit } = setUp()
  watch()
  await settled()
  answers.all = () => second
  await emit('activeAccountChanged')
  expect(reported).toEqual([{ token: first }, {}, { token: second }])
})

test('an answer for the account before is not reported', async () => {
  const { watch, answers, reported, emit } = setUp()
  const { promise, resolve: answer } = pending<AuthenticationResult>()
  answers.all = () => promise
  watch()
  await settled()
  answers.all = () => second
  await emit('activeAccountChanged')
  answer(first)
  await settled()
  expect(reported).toEqual([{ token: second }])
})

test('a request with an account keeps it', async () => {
  const { auth, asked, reported, emit } = setUp()
  const account = first.account
  watchToken(auth, { ...request, account: account ?? { id: 'a' } } as never, (state) =>
    reported.push(state),
  )
  await settled()
  await emit('activeAccountChanged')
  expect(asked).toHaveLength(1)
})

test('the end removes all listeners, and nothing is reported later', async () => {
  const { watch, reported, listening } = setUp()
  const stop = watch()
  await Promise.resolve()
  stop()
  await settled()
  expect(reported).toEqual([])
  expect(listening()).toBe(0)
})

test('without a client, as on a server, nothing happens', async () => {
  const reported: TokenState[] = []
  watchToken(undefined, request, (state) => reported.push(state))()
  await settled()
  expect(reported).toEqual([])
})

test('a client that cannot start is an error', async () => {
  const reported: TokenState[] = []
  watchToken(Promise.reject(refused), request, (state) => reported.push(state))
  await settled()
  expect(reported).toEqual([{ error: refused }])
})
