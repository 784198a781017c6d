import { expect, test } from 'vitest'
import { unusedExports } from './core-exports.mjs'

test('@carnet/core exports only names that another package uses', () => {
  expect(unusedExports()).toEqual([])
})
