import { expect, test } from 'vitest'
import type { AuthClient } from '../api/auth-client.ts'
import { boundFetch } from './bound-fetch.ts'

/** A client whose calls end with their signal. */
const client = {
  fetch: (_: unknown, { signal }: RequestInit) =>
    new Promise((_resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason))
    }),
} as unknown as AuthClient

test.each([
  ['while it waits for the API', Promise.resolve(client)],
  ['while the client starts', new Promise<AuthClient>(() => undefined)],
  ['on a server', undefined],
])('a call is aborted %s', async (_, input) => {
  const ending = new AbortController()
  const call = boundFetch(input, ending.signal)('/api')
  ending.abort()
  await expect(call).rejects.toThrow('This operation was aborted')
  await expect(boundFetch(input, ending.signal)('/api')).rejects.toThrow('was aborted')
})

test('the signal of a call counts too', async () => {
  const own = new AbortController()
  const { signal } = new AbortController()
  const calls = [
    boundFetch(client, signal)('/api', { signal: own.signal }),
    boundFetch(client, signal)(new Request('https://api.example/', { signal: own.signal })),
  ]
  own.abort(new Error('of the call'))
  for (const call of calls) await expect(call).rejects.toThrow('of the call')
})

test('a call rejects as the start of the client does', async () => {
  const { signal } = new AbortController()
  const failing = Promise.reject(new Error('no authority'))
  await expect(boundFetch(failing, signal)('/api')).rejects.toThrow('no authority')
})
