import { expect, test, vi } from 'vitest'
import { onClosedByUser } from '../popup/closed-by-user.ts'
import { openPopup } from '../popup/opened-popup.ts'
import { closedByUser } from '../popup/while-empty.ts'
import { channelOf } from './relay.ts'
import { waitForAnswer } from './wait-for-answer.ts'

const { signal } = new AbortController()

const isWaitedFor = async (state: string) => {
  const { held = [] } = await navigator.locks.query()
  return held.some(({ name }) => name === channelOf(state))
}

test('a watch that ends the wait immediately is stopped, and no wait remains', async () => {
  const stop = vi.fn()
  const waiting = waitForAnswer('at-once', signal, (fail) => {
    fail(closedByUser())
    return stop
  })
  await expect(waiting).rejects.toMatchObject({ code: 'user_cancelled' })
  expect(stop).toHaveBeenCalledOnce()
  await expect.poll(() => isWaitedFor('at-once')).toBe(false)
})

test('a popup that closes before the wait for its response counts as closed by the user', async () => {
  const popup = openPopup({}, {})
  popup.close()
  const waiting = waitForAnswer('closed-before', signal, (fail) =>
    onClosedByUser(popup, () => fail(closedByUser())),
  )
  await expect(waiting).rejects.toMatchObject({ code: 'user_cancelled' })
})
