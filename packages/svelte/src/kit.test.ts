import type { AuthClient } from '@carnet/browser'
import { AuthError } from '@carnet/core/base'
import { afterEach, expect, test, vi } from 'vitest'
import { createFakeAuth, personNamed } from '../../browser/src/testing/fake-auth.ts'
import { accountLoad, bindRouter } from './kit.ts'

const HOME = 'http://localhost/'
const PROFILE = 'http://localhost/profile?x=1'

afterEach(() => vi.unstubAllGlobals())

/** A page at an address. */
function at(href: string): void {
  vi.stubGlobal('document', {})
  vi.stubGlobal('location', new URL(href))
}

test('a load in advance starts no sign-in, and a visit starts one that returns to the page', async () => {
  at(HOME)
  const { auth, signIns } = createFakeAuth()
  const navigating = { to: null as { url: URL } | null }
  const load = accountLoad(auth, navigating)
  const event = { url: new URL(PROFILE) }
  await expect(load(event)).rejects.toMatchObject({ status: 401 })
  expect(signIns).toEqual([])
  navigating.to = event
  const loading = load(event)
  await vi.waitFor(() => expect(signIns).toHaveLength(1))
  expect(signIns[0]?.request.returnTo).toBe(PROFILE)
  signIns[0]?.resolve(personNamed('alice'))
  expect((await loading).account?.username).toBe('alice')
})

test('a load in advance that still waits for the client becomes the visit after a click', async () => {
  at(HOME)
  const { auth, signIns } = createFakeAuth()
  const navigating = { to: null as { url: URL } | null }
  let start = (_: AuthClient) => undefined as unknown
  const client = new Promise<AuthClient>((resolve) => (start = resolve))
  const event = { url: new URL(PROFILE) }
  void accountLoad(client, navigating)(event)
  navigating.to = event
  start(auth)
  await vi.waitFor(() => expect(signIns).toHaveLength(1))
})

test('SvelteKit shows the error of a cancelled sign-in, and logs any other failure', async () => {
  at(PROFILE)
  const event = { url: new URL(PROFILE) }
  const cancelled = createFakeAuth(new AuthError('access_denied', 'The user cancelled.'))
  const body = { message: 'The user cancelled.' }
  const load = accountLoad(cancelled.auth, { to: null })
  await expect(load(event)).rejects.toMatchObject({ status: 401, body })
  const failure = new AuthError('network_error', 'The provider cannot be reached.')
  const failed = createFakeAuth(failure)
  await expect(accountLoad(failed.auth, { to: null })(event)).rejects.toBe(failure)
})

test('the first page of a visit counts as a visit', async () => {
  at(PROFILE)
  const { auth, signIns } = createFakeAuth()
  void accountLoad(auth, { to: null })({ url: new URL(PROFILE) })
  await vi.waitFor(() => expect(signIns).toHaveLength(1))
})

test('a change of the account runs `load` again, until the end', async () => {
  const { auth, move } = createFakeAuth()
  const calls: string[] = []
  const invalidateAll = () => calls.push('invalidateAll')
  const stop = bindRouter(auth, { goto: () => calls.push('goto'), invalidateAll })
  move({ account: personNamed('alice') })
  stop()
  move({ account: personNamed('bob') })
  await vi.waitFor(() => expect(calls).toEqual(['invalidateAll']))
})

test('after a response to a redirect the router goes to the restored URL', async () => {
  at(PROFILE)
  const { auth } = createFakeAuth(new AuthError('access_denied', 'The user cancelled.'))
  const gone: string[] = []
  bindRouter(auth, { goto: (url) => gone.push(url), invalidateAll: () => undefined })
  await Promise.resolve()
  expect(gone).toEqual([PROFILE])
})
