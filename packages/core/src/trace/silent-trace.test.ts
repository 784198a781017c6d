import { expect, test } from 'vitest'
import { accountFromClaims } from '../accounts/account-claims.ts'
import { AuthError } from '../errors/errors.ts'
import type { TraceStep } from '../platform/trace-step.ts'
import { createSilentTabs } from '../testing/silent-tabs.ts'
import { toTokenQuery } from '../tokens/token-query.ts'
import { createTrace } from './trace.ts'

const alice = accountFromClaims({ iss: 'https://idp.example', sub: 'alice' })
const read = toTokenQuery(alice, ['read'])
const RENEWED = ['memory miss', 'store miss', 'lock done', 'store miss', 'flight done']

const words = (steps: readonly TraceStep[]) => steps.map(({ names = [] }) => names.join(' '))

function setUp(options: Parameters<typeof createSilentTabs>[0] = {}) {
  const { acquire, platform } = createSilentTabs(options)
  const trace = createTrace(platform.monotonicMs)
  /** Asks for a token. Returns a reader of the steps, and the outcome. */
  const ask = () => {
    const call = trace.begin()
    const asking = acquire(read, { trace: call })
    return { asking, steps: () => words(call.steps()), call }
  }
  return { ask }
}

test('the steps of a renewal have outcomes and times, and those of the next calls are shorter', async () => {
  const { ask } = setUp({ answerMs: 7 })
  const [first, second] = [ask(), ask()]
  await Promise.all([first.asking, second.asking])
  expect(first.steps()).toEqual(RENEWED)
  expect(first.call.steps().map(({ ms }) => ms)).toEqual([0, 0, 0, 0, 7])
  expect(second.steps()).toEqual(['memory miss', 'store miss', 'flight joined'])
  const stored = ask()
  await stored.asking
  expect(stored.steps()).toEqual(['memory miss', 'store hit'])
  const held = ask()
  await held.asking
  expect(held.steps()).toEqual(['memory hit'])
})

test('calls that share a failure share the steps of the first', async () => {
  const failure = new AuthError('token_request_failed', 'It is refused.')
  const { ask } = setUp({ before: () => Promise.reject(failure) })
  const [first, second] = [ask(), ask()]
  await expect(first.asking).rejects.toBe(failure)
  await expect(second.asking).rejects.toBe(failure)
  expect(words(failure.trace)).toEqual([...RENEWED.slice(0, -1), 'flight failed'])
  expect(second.steps()).toEqual(['memory miss', 'store miss', 'flight failed'])
})

test('a lock that is not granted is a failed step', async () => {
  const failure = new AuthError('lock_timeout', 'Another tab has it.')
  const { ask } = setUp({ lock: () => Promise.reject(failure) })
  const { asking, steps } = ask()
  await expect(asking).rejects.toBe(failure)
  expect(steps()).toEqual(['memory miss', 'store miss', 'lock failed', 'flight failed'])
})
