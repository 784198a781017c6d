import { expect, test } from 'vitest'
import { createPageLock } from './lock.ts'

/** Work that the test ends. */
function openEnded() {
  let finish = () => {}
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  return { work: () => done, finish: () => finish() }
}

test('work with one name runs one after the other, in order', async () => {
  const withLock = createPageLock()
  const happened: string[] = []
  const step = (name: string) => async () => {
    happened.push(`${name} begins`)
    await Promise.resolve()
    happened.push(`${name} ends`)
  }
  await Promise.all([withLock('x', step('first')), withLock('x', step('second'))])
  expect(happened).toEqual(['first begins', 'first ends', 'second begins', 'second ends'])
})

test('work under another name does not wait', async () => {
  const withLock = createPageLock()
  const { work, finish } = openEnded()
  const held = withLock('x', work)
  expect(await withLock('y', async () => 7)).toBe(7)
  finish()
  await held
})

test('failed work releases the lock, and fails only for its own caller', async () => {
  const withLock = createPageLock()
  const failing = withLock('x', () => Promise.reject(new Error('no')))
  const next = withLock('x', async () => 7)
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe(7)
})

test('after all work is done, new work runs at once', async () => {
  const withLock = createPageLock()
  await withLock('x', async () => undefined)
  expect(await withLock('x', async () => 7)).toBe(7)
})
