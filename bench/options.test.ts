import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

const parse = (...args: string[]) => parseOptions(args, ['loads', 'cpu'])

test('a whole run writes what it found; trying does not', () => {
  expect(parse()).toEqual({ quick: false, only: undefined, write: true })
  expect(parse('--quick')).toEqual({ quick: true, only: undefined, write: false })
  expect(parse('--quick', '--write').write).toBe(true)
  expect(parse('--only', 'cpu')).toEqual({ quick: false, only: 'cpu', write: false })
})

test('a part of the figures never replaces the whole', () => {
  expect(() => parse('--only', 'cpu', '--write')).toThrow('--write')
})

test('what is not known is refused by name', () => {
  expect(() => parse('--only', 'gpu')).toThrow('--only: one of loads, cpu')
  expect(() => parse('--nope')).toThrow('--nope')
})
