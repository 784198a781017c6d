import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { BINDING_APPS } from './binding-apps.mjs'
import { repository } from './run.mjs'

const textOf = (name) => readFileSync(`${repository}/e2e/stories/bindings/${name}.story.ts`, 'utf8')
const numbersOf = (name) =>
  [...textOf(name).matchAll(/\bbehaviour\(\s*'(\d+) /g)].map(([, number]) => Number(number))

test('the suite of the bindings shows each of the 25 behaviours once', () => {
  const numbers = [...numbersOf('behaviours'), ...numbersOf('hot-update')]
  expect(numbers.sort((one, other) => one - other)).toEqual(
    Array.from({ length: 25 }, (_, index) => index + 1),
  )
})

test('every binding shows every behaviour', () => {
  const suite = textOf('behaviours')
  expect(suite).toContain('for (const name of BINDING_APPS) {')
  // No story or behaviour is left out for a binding.
  expect(suite).not.toMatch(/\.(skip|fixme|fail|only)\b|name [!=]==|if \((app|name)\b/)
  const [, components = ''] = /const COMPONENTS = \{(.*?)\}/s.exec(textOf('hot-update')) ?? []
  const names = [...components.matchAll(/^ *(\w+):/gm)].map(([, name]) => name)
  expect(names.sort()).toEqual([...BINDING_APPS].sort())
})
