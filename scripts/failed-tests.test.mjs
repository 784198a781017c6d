import { expect, test } from 'vitest'
import { failedTests } from './failed-tests.mjs'

test('lists failed tests of Vitest, and files that did not load', () => {
  const failed = {
    status: 'failed',
    fullName: 'adds',
    failureMessages: ['\u001b[31m1 is not 2\u001b[39m'],
  }
  const passed = { status: 'passed', fullName: 'subtracts', failureMessages: [] }
  const testResults = [
    { status: 'failed', name: 'sum.test.ts', message: '', assertionResults: [passed, failed] },
    { status: 'failed', name: 'broken.test.ts', message: 'no module', assertionResults: [] },
    { status: 'passed', name: 'fine.test.ts', message: '', assertionResults: [passed] },
  ]
  expect(failedTests({ testResults })).toEqual([
    '✗ adds\n  1 is not 2',
    '✗ broken.test.ts\n  no module',
  ])
})

test('lists failed stories of Playwright, and its own errors', () => {
  const story = (ok, results) => ({
    ok,
    file: 'a.story.ts',
    line: 5,
    title: 'A day',
    tests: [{ results }],
  })
  const suites = [
    {
      specs: [story(true, [{ errors: [{ message: 'first try' }] }])],
      suites: [{ specs: [story(false, [{ errors: [] }, { errors: [{ message: 'no button' }] }])] }],
    },
  ]
  expect(failedTests({ suites, errors: [{ message: 'no config' }] })).toEqual([
    '✗ a.story.ts:5 A day\n  no button',
    '✗ Playwright\n  no config',
  ])
})
