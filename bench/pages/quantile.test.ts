import { expect, test } from 'vitest'
import { quantile } from './quantile.ts'

test('a quantile lies between its neighbours, whatever the order', () => {
  expect(quantile([3, 1, 2], 0.5)).toBe(2)
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(quantile([10, 0], 0.25)).toBe(2.5)
  expect(quantile([7], 0.99)).toBe(7)
})

test('numbers are not sorted as text', () => {
  expect(quantile([9, 10, 100], 0.5)).toBe(10)
})

test('nothing has no quantile', () => {
  expect(quantile([], 0.5)).toBeNaN()
})
