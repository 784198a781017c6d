import { AuthError } from '@carnet/browser'
import { flushSync, mount, unmount } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import { createFakeAuth, personNamed, tokenNamed } from '../../browser/src/testing/fake-auth.ts'
import { type CurrentToken, useAccount, useAuth, useToken } from './index.ts'
import Root from './testing/Root.svelte'
import Text from './testing/Text.svelte'

const alice = personNamed('alice')
const bob = personNamed('bob')
const request = { scopes: ['calendar.read'] }
const refused = new AuthError('interaction_required', 'The session has ended.')

let end = () => Promise.resolve()
afterEach(() => end())

/** Shows a text below a provider. `create` runs while the component is created. */
function show(create: () => () => string) {
  const fake = createFakeAuth()
  const target = document.createElement('main')
  const root = mount(Root, { target, props: { client: fake.auth, create } })
  end = () => {
    end = () => Promise.resolve()
    return unmount(root)
  }
  flushSync()
  return {
    ...fake,
    text: () => {
      flushSync()
      return target.textContent?.trim()
    },
    click: () => target.querySelector('button')?.click(),
  }
}

const textOf = (token: CurrentToken) => () => token.current?.accessToken ?? 'nothing'

test('a token is undefined until it is there, and follows a renewal', async () => {
  const page = show(() => textOf(useToken(request)))
  expect(page.text()).toBe('nothing')
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.resolve(tokenNamed('first'))
  await vi.waitFor(() => expect(page.text()).toBe('first'))
  page.emit('tokenRenewed', { account: alice } as never)
  page.tokenRequests[1]?.resolve(tokenNamed('second'))
  await vi.waitFor(() => expect(page.text()).toBe('second'))
})

test('a boundary gets the error of a token, and its reset asks again', async () => {
  const page = show(() => textOf(useToken(request)))
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.reject(refused)
  await vi.waitFor(() => expect(page.text()).toBe('interaction_required'))
  page.click()
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(2))
  page.tokenRequests[1]?.resolve(tokenNamed('first'))
  await vi.waitFor(() => expect(page.text()).toBe('first'))
})

test('a component that reads the error first does not throw it', async () => {
  const page = show(() => {
    const token = useToken(request)
    return () => token.error?.code ?? textOf(token)()
  })
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.reject(refused)
  await vi.waitFor(() => expect(page.text()).toBe('interaction_required'))
  expect(page.click).not.toThrow()
})

test('a changed request asks again, an equal request does not, and a late answer does not count', async () => {
  const wanted = $state({ scopes: ['a', 'b'] })
  const page = show(() => textOf(useToken(() => wanted)))
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  wanted.scopes = ['a', 'b']
  flushSync()
  wanted.scopes = ['c']
  flushSync()
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(2))
  expect(page.tokenRequests.map((one) => one.request.scopes)).toEqual([['a', 'b'], ['c']])
  // A proxy could not be sent to a worker.
  expect(() => structuredClone(page.tokenRequests[1]?.request.scopes)).not.toThrow()
  page.tokenRequests[1]?.resolve(tokenNamed('of c'))
  await vi.waitFor(() => expect(page.text()).toBe('of c'))
  page.tokenRequests[0]?.resolve(tokenNamed('of a'))
  await new Promise((resolve) => setTimeout(resolve))
  expect(page.text()).toBe('of c')
})

test('no token of the account before is shown after a switch', async () => {
  const page = show(() => textOf(useToken(request)))
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.resolve(tokenNamed('of alice'))
  await vi.waitFor(() => expect(page.text()).toBe('of alice'))
  page.emit('activeAccountChanged', { account: bob } as never)
  expect(page.text()).toBe('nothing')
  page.tokenRequests[1]?.resolve(tokenNamed('of bob'))
  await vi.waitFor(() => expect(page.text()).toBe('of bob'))
})

test('a derived value follows the account, also with a filter that changes', () => {
  let username = $state('alice')
  const page = show(() => {
    const active = useAccount()
    const found = useAccount(() => ({ username }))
    const shown = $derived(`${active.current?.username} ${found.current?.username}`)
    return () => shown
  })
  expect(page.text()).toBe('undefined undefined')
  page.move({ account: bob, accounts: [alice, bob] })
  expect(page.text()).toBe('bob alice')
  username = 'bob'
  expect(page.text()).toBe('bob bob')
})

test('outside of effects the session has its value of that moment, and a token is not acquired', async () => {
  let read = () => ''
  const page = show(() => {
    const session = useAuth()
    const token = useToken(request)
    read = () => `${session.status} ${token.current}`
    return () => ''
  })
  page.move({ account: alice })
  expect(read()).toBe('signedIn undefined')
  await new Promise((resolve) => setTimeout(resolve))
  expect([page.listeners(), page.tokenRequests]).toEqual([0, []])
})

test('a component that is destroyed leaves no listener', async () => {
  const page = show(() => {
    const session = useAuth()
    const token = useToken(request)
    return () => `${session.status} ${token.current}`
  })
  await vi.waitFor(() => expect(page.listeners()).toBeGreaterThan(1))
  await end()
  await vi.waitFor(() => expect(page.listeners()).toBe(0))
})

test('a component without a client says so', () => {
  const props = { create: () => useAuth() as never }
  expect(() => mount(Text, { target: document.createElement('main'), props })).toThrow(
    'provideAuth',
  )
})
