import { expect, test } from 'vitest'
import { stopWaitingOn } from './abort.ts'
import { isAuthError } from './errors.ts'

test('without a signal the work is returned', async () => {
  const work = Promise.resolve(7)
  expect(stopWaitingOn(undefined, work)).toBe(work)
})

test('a signal that does not abort changes nothing', async () => {
  const { signal } = new AbortController()
  expect(await stopWaitingOn(signal, Promise.resolve(7))).toBe(7)
  await expect(stopWaitingOn(signal, Promise.reject(new Error('no')))).rejects.toThrow('no')
})

test('an abort ends the wait with the reason as its cause, and the work continues', async () => {
  const controller = new AbortController()
  let finish = (_value: number) => {}
  const work = new Promise<number>((resolve) => {
    finish = resolve
  })
  const waiting = stopWaitingOn(controller.signal, work)
  controller.abort('enough')
  const error = await waiting.catch((caught: unknown) => caught)
  expect(isAuthError(error, 'aborted')).toBe(true)
  expect((error as Error).cause).toBe('enough')
  finish(7)
  expect(await work).toBe(7)
})

test('a signal that was aborted before does not wait at all', async () => {
  const never = new Promise<never>(() => {})
  await expect(stopWaitingOn(AbortSignal.abort(), never)).rejects.toThrow('aborted')
})

test('work that fails after the abort is not an unhandled rejection', async () => {
  const unhandled: unknown[] = []
  const hear = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', hear)
  const work = Promise.reject(new Error('late'))
  await expect(stopWaitingOn(AbortSignal.abort(), work)).rejects.toThrow('aborted')
  await new Promise((resolve) => setImmediate(resolve))
  process.off('unhandledRejection', hear)
  expect(unhandled).toEqual([])
})

test('the listener is removed when the work is done', async () => {
  const { signal } = new AbortController()
  let listening = 0
  const count = (by: number) => () => {
    listening += by
  }
  const counting = new Proxy(signal, {
    get(target, name) {
      if (name === 'addEventListener') return count(1)
      if (name === 'removeEventListener') return count(-1)
      return Reflect.get(target, name, target)
    },
  })
  await stopWaitingOn(counting, Promise.resolve(7))
  await expect.poll(() => listening).toBe(0)
})
