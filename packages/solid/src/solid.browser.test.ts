import type { AuthenticationResult } from '@carnet/browser'
import { AuthError } from '@carnet/browser'
import {
  createComponent,
  createResource,
  createRoot,
  createSignal,
  ErrorBoundary,
  type JSX,
  onCleanup,
  Show,
  Suspense,
  startTransition,
} from 'solid-js'
import { insert, render } from 'solid-js/web'
import { afterEach, expect, test, vi } from 'vitest'
import { createFakeAuth, personNamed, tokenNamed } from '../../browser/src/testing/fake-auth.ts'
import { AuthProvider, SignedIn, useAccount, useAuth, useToken } from './index.ts'

const alice = personNamed('alice')
const bob = personNamed('bob')
const request = { scopes: ['calendar.read'] }
const refused = new AuthError('interaction_required', 'The session has ended.')

let dispose: (() => void) | undefined
afterEach(() => dispose?.())

/** Shows a component below a provider, and returns the text of the page. */
function show(component: () => JSX.Element) {
  const fake = createFakeAuth()
  const root = document.createElement('main')
  dispose = render(
    () =>
      createComponent(AuthProvider, {
        client: fake.auth,
        get children() {
          return createComponent(component, {})
        },
      }),
    root,
  )
  return { ...fake, root, text: () => root.textContent }
}

const textOf = (read: () => AuthenticationResult | undefined) =>
  (() => read()?.accessToken ?? 'nothing') as unknown as JSX.Element

const suspended = (content: () => JSX.Element) =>
  createComponent(Suspense, {
    fallback: 'waits',
    get children() {
      return createComponent(content, {})
    },
  })

test('a token suspends until it is there, and follows a renewal', async () => {
  const page = show(() => suspended(() => textOf(useToken(() => request))))
  expect(page.text()).toBe('waits')
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.resolve(tokenNamed('first'))
  await vi.waitFor(() => expect(page.text()).toBe('first'))
  page.emit('tokenRenewed', { account: alice } as never)
  page.tokenRequests[1]?.resolve(tokenNamed('second'))
  await vi.waitFor(() => expect(page.text()).toBe('second'))
})

test('a transition shows the page before until the token is there', async () => {
  const [scope, setScope] = createSignal('')
  const page = show(() =>
    suspended(() =>
      createComponent(Show, {
        keyed: true,
        get when() {
          return scope() !== ''
        },
        fallback: 'before',
        children: (_: object) =>
          createComponent(() => {
            // In an element of its own, as in JSX.
            const element = document.createElement('p')
            insert(element, textOf(useToken(() => ({ scopes: [scope()] }))), null)
            return element
          }, {}),
      }),
    ),
  )
  const seen: string[] = []
  new MutationObserver(() => seen.push(page.text())).observe(page.root, {
    ...{ childList: true, subtree: true, characterData: true },
  })
  for (const [index, text] of ['first', 'second'].entries()) {
    void startTransition(() => setScope(text))
    await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(index + 1))
    expect(page.text()).toBe(['before', 'first'][index])
    page.tokenRequests[index]?.resolve(tokenNamed(text))
    await vi.waitFor(() => expect(page.text()).toBe(text))
  }
  expect(seen).toEqual(['first', 'second'])
})

test('without a boundary a token is undefined until it is there', async () => {
  const page = show(() => textOf(useToken(() => request)))
  expect(page.text()).toBe('nothing')
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.resolve(tokenNamed('first'))
  await vi.waitFor(() => expect(page.text()).toBe('first'))
})

test('an error boundary gets the error of a token, and its reset asks again', async () => {
  let tryAgain = () => {}
  const page = show(() =>
    createComponent(ErrorBoundary, {
      fallback: (error, reset) => {
        tryAgain = reset
        return error.code
      },
      get children() {
        return suspended(() => textOf(useToken(() => request)))
      },
    }),
  )
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.reject(refused)
  await vi.waitFor(() => expect(page.text()).toBe('interaction_required'))
  tryAgain()
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(2))
  page.tokenRequests[1]?.resolve(tokenNamed('first'))
  await vi.waitFor(() => expect(page.text()).toBe('first'))
})

test('a changed request asks again, an equal request does not, and a late answer does not count', async () => {
  const [scopes, setScopes] = createSignal(['a', 'b'])
  const page = show(() => suspended(() => textOf(useToken(() => ({ scopes: scopes() })))))
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  setScopes(['a', 'b'])
  setScopes(['c'])
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(2))
  expect(page.tokenRequests.map((one) => one.request.scopes)).toEqual([['a', 'b'], ['c']])
  page.tokenRequests[1]?.resolve(tokenNamed('of c'))
  await vi.waitFor(() => expect(page.text()).toBe('of c'))
  page.tokenRequests[0]?.resolve(tokenNamed('of a'))
  await new Promise((resolve) => setTimeout(resolve))
  expect(page.text()).toBe('of c')
})

test('no token of the account before is shown after a switch', async () => {
  const page = show(() => textOf(useToken(() => request)))
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.resolve(tokenNamed('of alice'))
  await vi.waitFor(() => expect(page.text()).toBe('of alice'))
  page.emit('activeAccountChanged', { account: bob } as never)
  expect(page.text()).toBe('nothing')
  page.tokenRequests[1]?.resolve(tokenNamed('of bob'))
  await vi.waitFor(() => expect(page.text()).toBe('of bob'))
})

test('content that is keyed by the account is created anew for another account', () => {
  const ended: string[] = []
  const page = show(() => {
    const account = useAccount()
    return createComponent(Show, {
      keyed: true,
      get when() {
        return account()
      },
      children: (item: object) => {
        const { username = '' } = item as typeof alice
        onCleanup(() => ended.push(username))
        return username
      },
    })
  })
  page.move({ account: alice, accounts: [alice, bob] })
  expect(page.text()).toBe('alice')
  page.move({ account: bob })
  expect([page.text(), ended]).toEqual(['bob', ['alice']])
})

test('content of `SignedIn` stays for another account, and gets it as a signal', () => {
  let created = 0
  const page = show(() =>
    createComponent(SignedIn, {
      children: (account) => {
        created += 1
        return (() => account().username) as unknown as JSX.Element
      },
    }),
  )
  page.move({ account: alice })
  page.move({ account: bob })
  expect([page.text(), created]).toEqual(['bob', 1])
  page.move({ account: null })
  expect(page.text()).toBe('')
})

test('content of `SignedIn` that is a single `Show` or `Suspense` changes', async () => {
  const [isOpen, setOpen] = createSignal(false)
  const page = show(() =>
    createComponent(SignedIn, {
      get children() {
        return createComponent(Show, {
          keyed: true,
          get when() {
            return isOpen()
          },
          fallback: 'closed',
          get children() {
            return suspended(() => textOf(useToken(() => request)))
          },
        })
      },
    }),
  )
  page.move({ account: alice })
  expect(page.text()).toBe('closed')
  setOpen(true)
  expect(page.text()).toBe('waits')
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.resolve(tokenNamed('first'))
  await vi.waitFor(() => expect(page.text()).toBe('first'))
})

test('a resource of the app can use the client of the session', async () => {
  const page = show(() => {
    const session = useAuth()
    const [token] = createResource(
      () => session.client,
      (client) => client.acquireTokenSilent(request),
    )
    return suspended(() => textOf(token))
  })
  expect(page.text()).toBe('waits')
  await vi.waitFor(() => expect(page.tokenRequests).toHaveLength(1))
  page.tokenRequests[0]?.resolve(tokenNamed('first'))
  await vi.waitFor(() => expect(page.text()).toBe('first'))
})

test('a component that ends leaves no listener', async () => {
  const page = show(() => {
    useAuth()
    return textOf(useToken(() => request))
  })
  await vi.waitFor(() => expect(page.listeners()).toBeGreaterThan(1))
  dispose?.()
  expect(page.listeners()).toBe(0)
})

test('a component without a provider says so', () => {
  expect(() => createRoot(() => useAuth())).toThrow('AuthProvider')
})
