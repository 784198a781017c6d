import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AuthenticationResult } from '../../api/result.ts'
import type { PendingResponse } from '../../startup/response.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

/** A copy of the library, with module variables of its own. It asks as its `createAuthClient` does. */
async function startCopy() {
  vi.resetModules()
  const { resultOf } = await import('./pending-response.ts')
  const onMessage = (arrival: unknown): Promise<AuthenticationResult | null | undefined> =>
    resultOf(arrival, Object(arrival).isOver, onMessage)
  return onMessage
}

const token = { accessToken: 'token' } as AuthenticationResult

/** A copy that took a response; the test ends the completion. */
async function completing() {
  const taker = await startCopy()
  let succeed = () => {}
  let fail = (_error: unknown) => {}
  const result = new Promise<AuthenticationResult | null>((resolve, reject) => {
    succeed = () => resolve(token)
    fail = reject
  })
  const arrival: PendingResponse = { result, atMs: performance.now(), by: taker }
  const end = () => {
    arrival.isOver = true
  }
  const ended = result.then(end, end)
  return { taker, arrival, succeed, fail, ended }
}

test('while a response is completed, each client of each copy waits for its result', async () => {
  const { taker, arrival, succeed } = await completing()
  const second = await startCopy()
  const waiting = [taker, second, second].map((onMessage) => onMessage(arrival))
  succeed()
  expect(await Promise.all(waiting)).toEqual([token, token, token])
})

test('a copy that starts later gets the result once, within a minute', async () => {
  const { taker, arrival, succeed, ended } = await completing()
  succeed()
  await ended
  expect(await taker(arrival)).toBeUndefined()

  const second = await startCopy()
  expect(await second(arrival)).toBe(token)
  expect(await second(arrival)).toBeUndefined()

  vi.advanceTimersByTime(59_999)
  expect(await (await startCopy())(arrival)).toBe(token)
  vi.advanceTimersByTime(1)
  expect(await (await startCopy())(arrival)).toBeUndefined()
})

test('the wait continues if a completion takes longer than a minute', async () => {
  const { arrival, succeed } = await completing()
  vi.advanceTimersByTime(120_000)
  const waiting = (await startCopy())(arrival)
  succeed()
  expect(await waiting).toBe(token)
})

test('every copy gets a failure once; its second call starts without the failure', async () => {
  const { taker, arrival, fail, ended } = await completing()
  const second = await startCopy()
  const waiting = [taker(arrival), second(arrival)]
  fail('refused')
  for (const heard of waiting) await expect(heard).rejects.toBe('refused')
  await ended
  expect(await taker(arrival)).toBeUndefined()
  expect(await second(arrival)).toBeUndefined()
  await expect((await startCopy())(arrival)).rejects.toBe('refused')
})

test('a completion that was running at the call is reported, even if it ends before this part is loaded', async () => {
  const { taker, arrival, succeed, ended } = await completing()
  const { resultOf } = await import('./pending-response.ts')
  const wasOver = arrival.isOver
  succeed()
  await ended
  expect(await resultOf(arrival, wasOver, taker)).toBe(token)
})

test.each([
  ['nothing', undefined],
  ['null', null],
  ['a text', 'text'],
  ['an object without a promise', { result: 'token', atMs: 0 }],
  ['an object without a time', { result: Promise.resolve(token) }],
])('%s in the place of an arrival is ignored', async (_what, odd) => {
  expect(await (await startCopy())(odd)).toBeUndefined()
})
