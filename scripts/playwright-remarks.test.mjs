import { expect, test } from 'vitest'
import { playwrightRemarks } from './playwright-remarks.mjs'

const ran = (projectName, status, annotations = []) => ({ projectName, status, annotations })
const missing = { type: 'skip', description: 'WebKit is not installed.' }

test('lists each story that needed a second try, and each missing engine once', () => {
  const day = {
    title: 'A day',
    tests: [ran('page', 'expected'), ran('webkit', 'skipped', [missing])],
  }
  const night = {
    title: 'A night',
    tests: [ran('page', 'flaky'), ran('webkit', 'skipped', [missing])],
  }
  const suites = [{ specs: [day], suites: [{ specs: [night] }] }]
  expect(playwrightRemarks(suites)).toEqual([
    'Passed on the second try only: [page] A night',
    'Not run: webkit. WebKit is not installed.',
  ])
})

test('lists nothing for stories that passed at once, and for failures', () => {
  const tests = [ran('page', 'expected'), ran('worker', 'unexpected')]
  expect(playwrightRemarks([{ specs: [{ title: 'A day', tests }] }])).toEqual([])
})
