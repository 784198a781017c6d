import { expect, expectTypeOf, test } from 'vitest'
import { AuthError } from '../errors/errors.ts'
import { OUTCOME, STEP, type TraceStep } from '../platform/trace-step.ts'
import * as production from './bare-step.ts'
import { traceOfMemory, traceOfStore } from './cached-trace.ts'
import { namedStep } from './named-step.ts'
import { createTrace, hitOrMiss, keepTrace, stepsOf, traced } from './trace.ts'

function setUp() {
  let nowMs = 0
  const trace = createTrace(() => nowMs)
  const passes = (ms: number) => {
    nowMs += ms
  }
  return { trace, passes }
}

test('a trace has the steps of its own call in order, with outcome and time', () => {
  const { trace, passes } = setUp()
  const [one, other] = [trace.begin(), trace.begin()]
  const sinceMs = one.now()
  passes(2)
  one.note(STEP.memory, OUTCOME.miss, sinceMs)
  other.note(STEP.memory, OUTCOME.hit, sinceMs)
  passes(3)
  one.note(STEP.store, OUTCOME.hit, sinceMs)
  expect(one.steps()).toEqual([
    { step: STEP.memory, outcome: OUTCOME.miss, ms: 2, names: ['memory', 'miss'] },
    { step: STEP.store, outcome: OUTCOME.hit, ms: 5, names: ['store', 'hit'] },
  ])
  expect(other.steps()).toHaveLength(1)
})

test('the newest 200 steps are kept', () => {
  const { trace } = setUp()
  const old = trace.begin()
  old.note(STEP.memory, OUTCOME.hit, 0)
  const busy = trace.begin()
  for (let count = 0; count < 199; count += 1) busy.note(STEP.store, OUTCOME.miss, 0)
  expect([old.steps().length, busy.steps().length]).toEqual([1, 199])
  busy.note(STEP.lock, OUTCOME.done, 0)
  expect([old.steps().length, busy.steps().length]).toEqual([0, 200])
  expect(busy.steps().at(-1)?.step).toBe(STEP.lock)
})

test('a failed step is in the trace, and its error is passed on', async () => {
  const { trace } = setUp()
  const call = trace.begin()
  const failing = traced(call, STEP.refresh, () => Promise.reject(new Error('down')))
  await expect(failing).rejects.toThrow('down')
  expect(await traced(call, STEP.store, async () => 'found', hitOrMiss)).toBe('found')
  expect(await traced(undefined, STEP.store, async () => 'found')).toBe('found')
  expect(call.steps().map(({ names }) => names)).toEqual([
    ['refresh', 'failed'],
    ['store', 'hit'],
  ])
})

test('a call that continues after a failure begins with the steps of the failure', async () => {
  const { trace } = setUp()
  const failure = new AuthError('network_error', 'down')
  const failing = traced(trace.begin(), STEP.refresh, () => Promise.reject(failure))
  await expect(failing).rejects.toBe(failure)
  const call = trace.begin(stepsOf(failure))
  call.note(STEP.interaction, OUTCOME.done, call.now())
  expect(call.steps().map(({ names }) => names)).toEqual([
    ['refresh', 'failed'],
    ['interaction', 'done'],
  ])
  expect(stepsOf(new Error('of the app'))).toBeUndefined()
})

test('an error keeps the trace of the first call that it ends, and JSON omits it', async () => {
  const { trace } = setUp()
  const failure = new AuthError('network_error', 'down')
  expect(failure.trace).toEqual([])
  const [first, second] = [trace.begin(), trace.begin()]
  const fail = () => Promise.reject(failure)
  await expect(traced(first, STEP.refresh, fail)).rejects.toBe(failure)
  await expect(traced(second, STEP.flight, fail)).rejects.toBe(failure)
  expect(failure.trace).toEqual(first.steps())
  expect(Object.keys(failure)).not.toContain('trace')
  expect(JSON.stringify(failure)).not.toContain('refresh')
  expect(keepTrace('no error', first.steps)).toBe('no error')
})

test('a result from the cache has a trace of its look-up', () => {
  expect(traceOfMemory()).toEqual([
    { step: STEP.memory, outcome: OUTCOME.hit, ms: 0, names: ['memory', 'hit'] },
  ])
  expect(traceOfStore(3)).toEqual([
    { step: STEP.memory, outcome: OUTCOME.miss, ms: 0, names: ['memory', 'miss'] },
    { step: STEP.store, outcome: OUTCOME.hit, ms: 3, names: ['store', 'hit'] },
  ])
})

test('every step and outcome has a name in development, and none in production', () => {
  for (const [name, step] of Object.entries(STEP))
    expect(namedStep({ step, outcome: OUTCOME.hit, ms: 0 }).names?.[0]).toBe(name)
  for (const [name, outcome] of Object.entries(OUTCOME))
    expect(namedStep({ step: STEP.memory, outcome, ms: 0 }).names?.[1]).toBe(name)
  const step = { step: STEP.memory, outcome: OUTCOME.hit, ms: 0 }
  expect(production.namedStep(step)).toEqual(step)
})

test('the type of a step allows no text from outside', () => {
  type Leaf<T> = T extends readonly (infer Part)[] ? Part : T
  type Held = Leaf<NonNullable<TraceStep[keyof TraceStep]>>
  expectTypeOf<string>().not.toExtend<Held>()
  expectTypeOf<Held>().toExtend<number | keyof typeof STEP | keyof typeof OUTCOME>()
})
