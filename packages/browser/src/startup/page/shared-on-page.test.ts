import { expect, test, vi } from 'vitest'

/** Another copy of the library: the same module, with variables of its own. */
async function copyOfLibrary() {
  vi.resetModules()
  return import('./shared-on-page.ts')
}

test('copies of the library share by part and client', async () => {
  const [first, second] = [await copyOfLibrary(), await copyOfLibrary()]
  expect(first).not.toBe(second)
  first.shareOnPage('queue1', 'one', 'value')
  expect(second.sharedOnPage('queue1', 'one')).toBe('value')
  expect(second.sharedOnPage('queue1', 'another')).toBeUndefined()
  expect(second.sharedOnPage('window1', 'one')).toBeUndefined()
})

test('a frozen global object causes no exception', async () => {
  const { sharedOnPage, shareOnPage } = await copyOfLibrary()
  const key = Symbol.for('carnet|queue1|closed')
  Object.defineProperty(globalThis, key, { value: 'theirs', writable: false })
  expect(shareOnPage('queue1', 'closed', 'ours')).toBe(false)
  expect(sharedOnPage('queue1', 'closed')).toBe('theirs')
})
