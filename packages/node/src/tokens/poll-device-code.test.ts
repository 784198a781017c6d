import { AuthError } from '@carnet/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { pollDeviceCode } from './poll-device-code.ts'

type Answer = AuthError | string
const refusal = (error: string) =>
  new AuthError('token_request_failed', error, { oauth: { error } })
const pending = refusal('authorization_pending')
const slower = refusal('slow_down')
const broken = new AuthError('timeout', 'no answer')
const busy = (retryAtMs: number) => new AuthError('server_error', 'busy', { retryAtMs })

/** Answers the requests in turn, and notes when each was sent. */
async function poll(
  answers: readonly Answer[],
  fields: { intervalMs?: number; expiresInMs?: number } = {},
) {
  let nowMs = 0
  const sentAtMs: number[] = []
  const left = [...answers]
  const outcome = await pollDeviceCode({
    intervalMs: undefined,
    expiresInMs: 900_000,
    ...fields,
    monotonicMs: () => nowMs,
    now: () => nowMs,
    async sleep(ms) {
      nowMs += ms
    },
    async request() {
      sentAtMs.push(nowMs)
      const answer = left.shift() ?? pending
      if (typeof answer === 'string') return answer
      throw answer
    },
  }).catch((error: AuthError) => error.code)
  return { outcome, sentAtMs, endedAtMs: nowMs }
}

test('without an interval, a pause of five seconds comes before every request', async () => {
  const { outcome, sentAtMs } = await poll([pending, pending, 'tokens'])
  expect([outcome, sentAtMs]).toEqual(['tokens', [5000, 10_000, 15_000]])
})

test('the interval of the provider counts, and an interval of zero is one second', async () => {
  expect((await poll([pending, 'tokens'], { intervalMs: 2000 })).sentAtMs).toEqual([2000, 4000])
  expect((await poll([pending, 'tokens'], { intervalMs: 0 })).sentAtMs).toEqual([1000, 2000])
})

test('`slow_down` adds five seconds for good', async () => {
  const { sentAtMs } = await poll([slower, pending, slower, pending, 'tokens'])
  expect(sentAtMs).toEqual([5000, 15_000, 25_000, 40_000, 55_000])
})

test('a failure of the network doubles the interval, up to a minute', async () => {
  const { sentAtMs } = await poll([broken, broken, broken, broken, broken, 'tokens'])
  expect(sentAtMs).toEqual([5000, 15_000, 35_000, 75_000, 135_000, 195_000])
})

test('`Retry-After` is obeyed, and is no reason to ask earlier', async () => {
  const late = await poll([busy(65_000), 'tokens'])
  expect(late.sentAtMs).toEqual([5000, 65_000])
  expect((await poll([busy(6000), 'tokens'])).sentAtMs).toEqual([5000, 15_000])
})

test.each<[string, Answer, string]>([
  ['access_denied', refusal('access_denied'), 'access_denied'],
  ['authorization_declined', refusal('authorization_declined'), 'access_denied'],
  ['expired_token', refusal('expired_token'), 'device_code_expired'],
  ['invalid_client', refusal('invalid_client'), 'token_request_failed'],
])('%s ends the flow', async (_name, answer, code) => {
  const { outcome, sentAtMs } = await poll([pending, answer, 'tokens'])
  expect([outcome, sentAtMs.length]).toEqual([code, 2])
})

test('a code that nobody enters expires at its end, without a request after it', async () => {
  const { outcome, sentAtMs, endedAtMs } = await poll([], { expiresInMs: 22_000 })
  expect([outcome, sentAtMs, endedAtMs]).toEqual([
    'device_code_expired',
    [5000, 10_000, 15_000, 20_000],
    22_000,
  ])
})

test('no history of answers makes it ask faster than the provider allows', async () => {
  const answer = fc.constantFrom(pending, slower, broken, busy(30_000), busy(0))
  await fc.assert(
    fc.asyncProperty(
      fc.array(answer, { maxLength: 30 }),
      fc.integer({ min: 1, max: 20 }),
      async (answers, seconds) => {
        const { sentAtMs } = await poll(answers, {
          intervalMs: seconds * 1000,
          expiresInMs: 3_600_000,
        })
        let allowedMs = seconds * 1000
        let beforeMs = 0
        for (const [index, atMs] of sentAtMs.entries()) {
          expect(atMs - beforeMs).toBeGreaterThanOrEqual(allowedMs)
          if (answers[index] === slower) allowedMs += 5000
          beforeMs = atMs
        }
      },
    ),
    { numRuns: 50 },
  )
})
