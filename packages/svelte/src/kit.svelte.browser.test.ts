import { expect, test, vi } from 'vitest'
import { createFakeAuth, personNamed } from '../../browser/src/testing/fake-auth.ts'
import { accountLoad, bindRouter } from './kit.ts'

/** The `navigating` of `$app/state`: `visits` starts a navigation. */
function createNavigating() {
  let to = $state.raw<{ url: URL } | null>(null)
  let complete = $state.raw<Promise<void> | null>(null)
  const navigating = {
    get to() {
      return to
    },
    get complete() {
      return complete
    },
  }
  const visits = (url: URL, until: Promise<void>) => {
    to = { url }
    complete = until
  }
  return { navigating, visits }
}

test('a failed load in advance signs in if a click makes it the visit while a layout still loads', async () => {
  const { auth, signIns } = createFakeAuth()
  const { navigating, visits } = createNavigating()
  const load = accountLoad(auth, navigating)
  const [profile, other] = ['/profile', '/other'].map((path) => new URL(path, location.href))
  if (!profile || !other) throw new Error('There are two pages.')
  for (const url of [profile, other])
    await expect(load({ url })).rejects.toHaveProperty('status', 401)
  visits(profile, new Promise(() => undefined))
  await vi.waitFor(() => expect(signIns).toHaveLength(1))
  expect(signIns[0]?.request.returnTo).toBe(profile.href)
  visits(other, new Promise(() => undefined))
  await new Promise((resolve) => setTimeout(resolve))
  expect(signIns).toHaveLength(1)
})

test('a change of the account does not cancel the navigation whose guard asks in a popup', async () => {
  const { auth, move } = createFakeAuth()
  const { navigating, visits } = createNavigating()
  const invalidateAll = vi.fn()
  const stop = bindRouter(auth, { goto: vi.fn(), invalidateAll, navigating })
  let arrives = () => undefined as unknown
  visits(new URL(location.href), new Promise((resolve) => (arrives = () => resolve())))
  move({ account: personNamed('alice') })
  await new Promise((resolve) => setTimeout(resolve))
  expect(invalidateAll).not.toHaveBeenCalled()
  arrives()
  await vi.waitFor(() => expect(invalidateAll).toHaveBeenCalledOnce())
  stop()
})
