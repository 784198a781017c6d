import { expect, test } from 'vitest'
import { createInteractionQueue } from './queue.ts'

test('a signal that outlives the interaction keeps nothing of it', async () => {
  const { signal } = new AbortController()
  let listeners = 0
  const { addEventListener, removeEventListener } = signal
  signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners += 1
    addEventListener.apply(signal, args)
  }
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners -= 1
    removeEventListener.apply(signal, args)
  }
  const enqueue = createInteractionQueue()
  await enqueue('key', signal, async () => 'done')
  await Promise.resolve()
  expect(listeners).toBe(0)
})
