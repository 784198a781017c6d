import { expect, test } from 'vitest'
import { createPageLock } from './lock.ts'

/** Work that ends when told to. */
function openEnded() {
  let finish = () => {}
  const done = new Promise<void>((resolve) => {
    finish = resolve
  })
  return { work: () => done, finish: () => finish() }
}

test('work under one name runs one after the other, in the order it came', async () => {
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

test('work that fails lets the next one in, and fails for its own caller only', async () => {
  const withLock = createPageLock()
  const failing = withLock('x', () => Promise.reject(new Error('no')))
  const next = withLock('x', async () => 7)
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe(7)
})

test('after all is done the next one runs at once', async () => {
  const withLock = createPageLock()
  await withLock('x', async () => undefined)
  expect(await withLock('x', async () => 7)).toBe(7)
})
