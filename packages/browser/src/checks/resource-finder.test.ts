import { expect, test } from 'vitest'
import { checkOptions } from './check-options.ts'
import { createResourceFinder } from './resource-finder.ts'

const ORIGIN = 'https://app.example'

test.each([
  ['no object', ['https://api.example'], /must be an object/],
  ['a key with a wildcard', { 'https://api.example/*': ['read'] }, /contains "\*"/],
  ['a key without https', { 'http://api.example': ['read'] }, /is not https/],
  ['a rule that is no list of scopes', { '/api': 'read' }, /wrong value for the key/],
])('A map of URLs with %s is refused by the name of the option', (_, resources, problem) => {
  const create = () => createResourceFinder(resources as never, ORIGIN)
  expect(create).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  expect(create).toThrow(/`resources`/)
  expect(create).toThrow(problem)
})

test('The check of the options leaves the map of URLs to its own part', () => {
  const options = { clientId: 'spa', authority: 'https://login.example', resources: { '*': [] } }
  expect(checkOptions(options, ORIGIN).resources).toBe(options.resources)
})
