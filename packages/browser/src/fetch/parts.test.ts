import { AuthError } from '@carnet/core'
import { expect, test, vi } from 'vitest'
import { until } from '../platform/until.ts'
import { createAnswered } from './answered.ts'
import type { Attempt, Call } from './call.ts'
import { createFlights, type Sharers } from './flights.ts'
import { readOutgoing } from './outgoing.ts'
import { isMet } from './sign-in-demand.ts'
import { readStoredCall, storedCallOf } from './stored-call.ts'

const account = {
  homeAccountId: 'h',
  environment: 'e',
  tenantId: 't',
} as Call['options']['account']
const attempt = (url: string, accessToken: string) =>
  ({ call: { url, method: 'GET' }, token: { accessToken, account } }) as unknown as Attempt

test('a token that answered a challenge and is refused again helps no more', () => {
  let nowMs = 0
  const answered = createAnswered(() => nowMs)
  answered.note('token', attempt('/a', 't2'))
  expect(answered.isRefusedAgain('token', attempt('/a', 't2'))).toBe(true)
  expect(answered.isRefusedAgain('token', attempt('/a', 't1'))).toBe(false)
  expect(answered.isRefusedAgain('token', attempt('/b', 't2'))).toBe(false)
  expect(answered.isRefusedAgain('claims', attempt('/a', 't2'))).toBe(false)
  answered.accepted(attempt('/b', 't2'))
  expect(answered.isRefusedAgain('token', attempt('/a', 't2'))).toBe(true)
  answered.accepted(attempt('/a', 't2'))
  expect(answered.isRefusedAgain('token', attempt('/a', 't2'))).toBe(false)
  answered.note('token', attempt('/a', 't2'))
  nowMs = 31_000
  answered.forgetOld()
  expect(answered.isRefusedAgain('token', attempt('/a', 't2'))).toBe(false)
})

const noLock = <T>(_name: string, work: () => Promise<T>) => work()

test('calls that fail alike share one remedy, and the next failure starts another', async () => {
  const flights = createFlights(noLock)
  const [one, two] = [attempt('/a', 't').call, attempt('/b', 't').call]
  let finish = (_value: number) => {}
  let seen: ReadonlySet<Call> = new Set()
  const start = ({ calls }: Sharers) => {
    seen = calls
    return new Promise<number>((resolve) => {
      finish = resolve
    })
  }
  const first = flights.join('k', 'lock', one, start)
  const second = flights.join('k', 'lock', two, () => Promise.reject(new Error('not shared')))
  await expect.poll(() => seen.size).toBe(2)
  finish(7)
  expect(await Promise.all([first, second])).toEqual([7, 7])
  expect(await flights.join('k', 'lock', one, async () => 8)).toBe(8)
})

test('a remedy is abandoned when each of its calls was aborted, and a later call starts another', async () => {
  const flights = createFlights(noLock)
  const [first, second] = [new AbortController(), new AbortController()]
  const signalled = (signal?: AbortSignal) => ({ ...attempt('/a', 't').call, signal }) as Call
  let abandoned: AbortSignal | undefined
  const start = (sharers: Sharers) => {
    abandoned = sharers.abandoned
    return new Promise<number>(() => undefined)
  }
  void flights.join('k', 'lock', signalled(first.signal), start)
  void flights.join('k', 'lock', signalled(second.signal), start)
  await expect.poll(() => abandoned?.aborted).toBe(false)
  first.abort()
  expect(abandoned?.aborted).toBe(false)
  second.abort('the page closes')
  expect(abandoned).toMatchObject({ aborted: true, reason: 'the page closes' })
  expect(await flights.join('k', 'lock', signalled(), async () => 8)).toBe(8)

  // A call without a signal waits for ever.
  const third = new AbortController()
  void flights.join('m', 'lock', signalled(third.signal), start)
  void flights.join('m', 'lock', signalled(), start)
  third.abort()
  await expect.poll(() => abandoned?.aborted).toBe(false)
})

test('a failed remedy rejects each caller, with the same error', async () => {
  const flights = createFlights(noLock)
  const { call } = attempt('/a', 't')
  const failure = new TypeError('failed')
  const joined = [0, 1].map(() => flights.join('k', 'lock', call, () => Promise.reject(failure)))
  const outcomes = await Promise.allSettled(joined)
  expect(outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([
    failure,
    failure,
  ])
})

test('a remedy runs without the lock that another tab never releases', async () => {
  let waits = 0
  const flights = createFlights(async () => {
    waits += 1
    throw new AuthError('lock_timeout', 'too long')
  })
  const { call } = attempt('/a', 't')
  expect(await flights.join('k', 'lock', call, async () => 7)).toBe(7)
  expect(waits).toBe(1)
  // A hidden page waits longer: the user may be busy with the dialog of another tab.
  vi.stubGlobal('document', { hidden: true })
  expect(await flights.join('k', 'lock', call, async () => 8)).toBe(8)
  expect(waits).toBe(11)
  vi.unstubAllGlobals()
})

test('a remedy that ends with `lock_timeout` itself runs once', async () => {
  const flights = createFlights(noLock)
  let runs = 0
  const work = async () => {
    runs += 1
    throw new AuthError('lock_timeout', 'too long')
  }
  await expect(flights.join('k', 'lock', attempt('/a', 't').call, work)).rejects.toMatchObject({
    code: 'lock_timeout',
  })
  expect(runs).toBe(1)
})

test('an abort ends the wait, and the work goes on', async () => {
  const aborting = new AbortController()
  let isDone = false
  const work = new Promise<void>((resolve) => setTimeout(resolve, 5)).then(() => {
    isDone = true
  })
  const waiting = until(aborting.signal, work)
  aborting.abort('enough')
  await expect(waiting).rejects.toBe('enough')
  await work
  expect(isDone).toBe(true)
})

test.each([
  [{ acr: 'mfa' }, 'mfa', undefined, true],
  [{ acr: 'mfa' }, 'pwd mfa', undefined, true],
  [{ acr: 'pwd' }, 'mfa', undefined, false],
  [{}, 'mfa', undefined, false],
  [{ auth_time: 1000 }, undefined, 0, true],
  [{ auth_time: 900 }, undefined, 0, false],
  [{ auth_time: 900 }, undefined, 60_000, true],
  [{ auth_time: '1000' }, undefined, 0, false],
  [{}, undefined, 0, false],
])('%j meets acr_values %s and max_age %s: %s', (claims, acrValues, maxAgeMs, met) => {
  const extraParameters = acrValues === undefined ? undefined : { acr_values: acrValues }
  const idTokenClaims = { iss: '', sub: '', ...claims }
  expect(isMet({ idTokenClaims } as never, { extraParameters, maxAgeMs }, 1_000_000)).toBe(met)
})

test('a call is stored without its token, and only up to 64 KiB', async () => {
  const body = new Uint8Array([0, 1, 254, 255])
  const headers = { authorization: 'Bearer secret', 'x-own': '1' }
  const request = new Request('https://api.example/x', { method: 'PUT', body, headers })
  const stored = await storedCallOf(request, 'id', 5)
  expect(JSON.stringify(stored)).not.toContain('secret')
  const read = readStoredCall(JSON.parse(JSON.stringify(stored)))
  expect(read).toMatchObject({ method: 'PUT', body, idempotencyKey: 'id', storedAtMs: 5 })
  expect(read?.headers).toContainEqual(['x-own', '1'])
  const large = new Request('https://api.example/x', { method: 'PUT', body: 'x'.repeat(65_537) })
  expect(await storedCallOf(large, 'id', 5)).toBeUndefined()
  for (const wrong of [null, undefined, 'x', {}, { ...stored, body: 1 }, { ...stored, url: 1 }])
    expect(readStoredCall(wrong)).toBeUndefined()
})

const BASE = 'https://app.example/page'

test('a request is read once, with the URL that is sent', () => {
  let reads = 0
  const changing = {
    toString() {
      reads += 1
      return reads === 1 ? '/api' : 'https://evil.example/'
    },
  }
  const outgoing = readOutgoing(changing as never, undefined, BASE)
  expect([outgoing.url, reads]).toEqual(['https://app.example/api', 1])
})

test('only a body that is no stream can be sent again', () => {
  const read = (body: BodyInit | null, options = {}) => {
    const { canRepeat, isBig } = readOutgoing('/x', { method: 'POST', body, ...options }, BASE)
    return [canRepeat, isBig]
  }
  const big = 1024 * 1024 + 1
  expect(read(null)).toEqual([true, false])
  expect(read('text')).toEqual([true, false])
  expect(read('x'.repeat(big))).toEqual([true, true])
  expect(read(new Uint8Array(big))).toEqual([true, true])
  expect(read(new Blob([new Uint8Array(big)]))).toEqual([true, true])
  expect(read(new URLSearchParams('a=b'))).toEqual([true, false])
  expect(read(new FormData())).toEqual([true, false])
  expect(read(new ReadableStream())).toEqual([false, true])
})

test('a request with a body can be sent again, unless the app forbids the copy', () => {
  const request = new Request('https://api.example/', { method: 'POST', body: 'x' })
  expect(readOutgoing(request, undefined, BASE)).toMatchObject({ canRepeat: true, isBig: true })
  const carnet = { replay: false }
  expect(readOutgoing(request, { carnet }, BASE)).toMatchObject({ canRepeat: false })
  const own = new Request('https://api.example/', { headers: { authorization: 'own' } })
  expect(readOutgoing(own, undefined, BASE).hasOwnAuthorization).toBe(true)
})
