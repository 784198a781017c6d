import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ask, HOUR_MS, mail, record, setUpRenewer } from '../testing/renewer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('at run time', () => {
  const hours = (count: number) => vi.advanceTimersByTimeAsync(count * HOUR_MS)

  test('stopped renewals wait, also for tokens that are used meanwhile, until they are started', async () => {
    const { renewer, asked, changed } = setUpRenewer()
    renewer.used(mail, record('held'))
    renewer.toggle(false)
    renewer.used(ask('files.read'), record('other', ['files.read']))
    await hours(2)
    expect([asked, renewer.planned()]).toEqual([[], []])
    changed.mockClear()
    renewer.toggle(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(asked.map(({ scopeKeys }) => scopeKeys)).toEqual([['mail.read'], ['files.read']])
    expect(renewer.planned()).toHaveLength(2)
    expect(changed).toHaveBeenCalled()
  })

  test('a client that starts without renewals can start them', async () => {
    const { renewer, asked } = setUpRenewer({ enabled: false })
    renewer.used(mail, record('held'))
    await hours(1)
    expect(asked).toEqual([])
    renewer.toggle(true)
    await vi.advanceTimersByTimeAsync(0)
    expect(asked).toHaveLength(1)
  })
})

test('with the option `unused`, a token that no call uses is renewed again and again', async () => {
  const { renewer, asked } = setUpRenewer({ unused: true })
  renewer.used(mail, record('held'))
  await vi.advanceTimersByTimeAsync(5 * HOUR_MS)
  expect(asked).toHaveLength(5)
  const other = setUpRenewer()
  other.renewer.used(mail, record('held'))
  await vi.advanceTimersByTimeAsync(5 * HOUR_MS)
  expect(other.asked).toHaveLength(1)
})
