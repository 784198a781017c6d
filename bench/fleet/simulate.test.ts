import { expect, test } from 'vitest'
import { DEFAULT_FLEET, loadOf, simulate } from './simulate.ts'

const SMALL = { ...DEFAULT_FLEET, sessions: 60_000 }

test('after an outage, the rate is at most twice the steady rate', () => {
  for (const seed of [1, 2, 3]) {
    const { steady, peakAfter } = loadOf(simulate({ ...SMALL, seed }), SMALL)
    expect(peakAfter).toBeLessThanOrEqual(2 * steady)
  }
})

test('with a token lifetime of five minutes, the rate after an outage is at most twice the steady rate', () => {
  const fleet = { ...SMALL, lifetimeMs: 300_000, sessions: 20_000 }
  const { steady, peakAfter } = loadOf(simulate(fleet), fleet)
  expect(peakAfter).toBeLessThanOrEqual(2 * steady)
})

test('every session renews about once in its lifetime while the provider works', () => {
  const { steady } = loadOf(simulate(SMALL), SMALL)
  const expected = SMALL.sessions / ((SMALL.lifetimeMs - SMALL.leadMs) / 1000)
  expect(steady / expected).toBeGreaterThan(0.9)
  expect(steady / expected).toBeLessThan(1.1)
})

test('two runs with one seed are equal', () => {
  expect(simulate({ ...SMALL, sessions: 2000 })).toEqual(simulate({ ...SMALL, sessions: 2000 }))
})
