import { stripVTControlCharacters } from 'node:util'

const LONGEST_MESSAGE = 600

/**
 * The failed tests of a JSON report of Vitest or Playwright, with the beginning of their messages.
 *
 * @param {{ testResults?: readonly object[], suites?: readonly object[], errors?: readonly object[] }} report
 * @returns {string[]}
 */
export function failedTests({ testResults = [], suites = [], errors = [] }) {
  return [
    ...testResults.flatMap(failedOfVitest),
    ...suites.flatMap(failedOfPlaywright),
    ...errors.map(({ message }) => entryOf('Playwright', message)),
  ]
}

function failedOfVitest({ status, name, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed')
  // A file that fails to load has a message and no test.
  if (failed.length === 0) return status === 'failed' ? [entryOf(name, message)] : []
  return failed.map(({ fullName, failureMessages }) => entryOf(fullName, failureMessages[0]))
}

function failedOfPlaywright({ suites = [], specs = [] }) {
  const own = specs
    .filter(({ ok }) => !ok)
    .map(({ file, line, title, tests }) => {
      const [error] = tests.flatMap(({ results }) => results).flatMap(({ errors = [] }) => errors)
      return entryOf(`${file}:${line} ${title}`, error?.message)
    })
  return [...own, ...suites.flatMap(failedOfPlaywright)]
}

function entryOf(title, message = 'no message') {
  return `✗ ${title}\n  ${stripVTControlCharacters(message).slice(0, LONGEST_MESSAGE)}`
}
