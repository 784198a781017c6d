import { expect, test } from 'vitest'
import { createSamples } from '../figures/figures.ts'
import { goalLines, goalsOf, isMet } from './goals.ts'

function figuresOf(carnetUs: number) {
  const samples = createSamples()
  samples.add('warm.p50', '10', 'carnet', carnetUs)
  samples.add('warm.p50', '10', 'msal-browser', 300)
  samples.add('signIn.requests', 'redirect, 100 ms, first', 'carnet', 2)
  samples.add('signIn.ms', 'redirect, 100 ms, first', 'carnet', 260)
  samples.add('signIn.ms', 'redirect, 100 ms, first', 'floor', 200)
  return samples.summarize()
}

test('a goal is met or missed according to its direction', () => {
  expect(goalsOf(figuresOf(2)).map(isMet)).toEqual([true, true, false])
  expect(goalsOf(figuresOf(4)).map(isMet)).toEqual([false, true, false])
})

test('a goal without a measurement is omitted', () => {
  expect(goalsOf({})).toEqual([])
})

test('each goal is a line with the measured and the wanted value', () => {
  expect(goalLines(figuresOf(4)).split('\n')).toEqual([
    'MISS  warm hit: msal-browser / Carnet: 75× (at least 100×)',
    'pass  requests after the click: redirect, 100 ms, first: 2 (at most 2)',
    'MISS  sign-in: Carnet / floor: redirect, 100 ms, first: 1.3× (at most 1.1×)',
  ])
})
