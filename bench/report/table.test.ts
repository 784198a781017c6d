import { expect, test } from 'vitest'
import { createSamples } from '../figures/figures.ts'
import type { Results } from '../figures/results.ts'
import { plotOf } from './plot.ts'
import { tableOf } from './table.ts'

function resultsOf(): Results {
  const samples = createSamples()
  for (const microseconds of [2, 4, 3000]) samples.add('warm.p50', '10', 'carnet', microseconds)
  samples.add('warm.p50', '10', 'msal-browser', 1234)
  samples.add('warm.p50', '1', 'oidc-client-ts', 2.345)
  samples.add('cache.holds', '10000', 'msal-browser', 1966)
  samples.add('physics', 'mapRead', 'floor', 0.05)
  return {
    date: '2030-01-01',
    quick: true,
    machine: { processor: 'one', cores: 2, memory: '1 GiB' },
    versions: {
      node: '20',
      chromium: '1',
      carnet: '1',
      'msal-browser': '2',
      'oidc-client-ts': '3',
    },
    figures: samples.summarize(),
  }
}

test('a table shows medians with suitable units, without empty rows', () => {
  expect(tableOf(resultsOf()).split('\n').slice(2)).toEqual([
    '| warm silent hit, p50 | 4 µs | 1.23 ms | 2.35 µs | 0.05 µs |',
    '| p50 with 1,000 tokens cached |  |  | holds 1 |  |',
    '| p50 with 10,000 tokens cached |  | holds 1,966 | holds 1 |  |',
  ])
})

test('the headlines are a part of the rows', () => {
  const [head, ...rows] = tableOf(resultsOf(), true).split('\n')
  expect(head).toBe(
    '|  | @carnet/browser 1 | @azure/msal-browser 2 | oidc-client-ts 3 | the floor |',
  )
  expect(rows).toHaveLength(3)
})

test('the plot is an image with a title and numbers, without script or style', () => {
  const svg = plotOf(resultsOf().figures)
  expect(svg).toMatch(/^<svg [^>]*>\n<title>/)
  expect(svg).toContain('>2.35</text>')
  expect(svg).not.toMatch(/<(script|style)/)
})
