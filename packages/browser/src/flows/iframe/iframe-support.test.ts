import { createMemoryStore } from '@carnet/core'
import { describe, expect, test } from 'vitest'
import { createIframeSupport, isSameHost } from './iframe-support.ts'

describe('the cookies of a provider are first-party', () => {
  test.each([
    ['https://app.example', 'https://app.example', true],
    ['https://app.example:8443/tenant', 'https://app.example', true],
    ['http://localhost:4400', 'http://localhost:5173', true],
    // The list of public suffixes decides whether these hosts share a site.
    ['https://login.example.com', 'https://app.example.com', false],
    ['https://login.azurewebsites.net', 'https://app.azurewebsites.net', false],
    ['https://login.contoso.co.uk', 'https://app.fabrikam.co.uk', false],
    ['http://app.example', 'https://app.example', false],
    ['http://127.0.0.1:4400', 'http://localhost:4400', false],
  ])('of %s for %s: %s', (authority, origin, is) => {
    expect(isSameHost(authority, origin)).toBe(is)
  })
})

test('the result of an iframe is stored per authority', async () => {
  const memory = createIframeSupport('spa', createMemoryStore(), () => 1000)
  const [here, there] = ['https://login.azurewebsites.net', 'https://idp.azurewebsites.net']
  await memory.note(here, 'expected')
  expect(await memory.recall(here)).toBe('expected')
  memory.noteBlocked(here)
  expect(await memory.recall(here)).toBe('blocked')
  expect(await memory.recall(there)).toBeUndefined()
  await memory.note(here, 'works')
  expect(await memory.recall(here)).toBe('works')
})
