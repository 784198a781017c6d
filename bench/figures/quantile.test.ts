import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'

test('a quantile lies between its neighbours, in any order of the values', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2)
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([10, 0], 0.25)).toBe(2.5)
  expect(quantile([7], 0.99)).toBe(7)
})

test('numbers are sorted as numbers', () => {
  expect(quantile([9, 10, 100], 0.5)).toBe(10)
})

test('an empty list has no quantile', () => {
  expect(quantile([], 0.5)).toBeNaN()
})
