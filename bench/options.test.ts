import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

const parse = (...args: string[]) => parseOptions(args, ['loads', 'cpu'])

test('a full run writes its results, and a quick run does not', () => {
  expect(parse()).toEqual({ quick: false, only: undefined, write: true })
  expect(parse('--quick')).toEqual({ quick: true, only: undefined, write: false })
  expect(parse('--quick', '--write').write).toBe(true)
  expect(parse('--only', 'cpu')).toEqual({ quick: false, only: 'cpu', write: false })
})

test('a partial run never replaces the full results', () => {
  expect(() => parse('--only', 'cpu', '--write')).toThrow('--write')
})

test('the error names an unknown option', () => {
  expect(() => parse('--only', 'gpu')).toThrow('--only: must be one of loads, cpu')
  expect(() => parse('--nope')).toThrow('--nope')
})
