import { expect, test } from 'vitest'
import { type Component, createApp, createSSRApp, h, Suspense, shallowRef } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { personNamed } from '../../browser/src/testing/fake-auth.ts'
import {
  createCarnet,
  RequireAccount,
  SignedIn,
  SignedOut,
  useAccount,
  useApi,
  useAuth,
  useChallenge,
  useToken,
} from './index.ts'
import { createClient, ending, reported, settle, show, tokenOf } from './testing/test-app.ts'

const alice = personNamed('alice')
const bob = personNamed('bob')

const Session = {
  setup() {
    const { status, account, client } = useAuth()
    return () => `${status.value} ${account.value?.username} ${client.value ? 'client' : '-'}`
  },
}

test('the session follows the client, and a promise of it', async () => {
  const client = createClient()
  const { text } = show(Session, client)
  const promised = show(Session, { auth: Promise.resolve(client.auth) as never })
  expect(text()).toBe('signedOut undefined client')
  expect(promised.text()).toBe('unknown undefined -')
  client.move({ account: alice })
  await settle()
  expect(text()).toBe('signedIn alice client')
  expect(promised.text()).toBe('signedIn alice client')
})

test('an app that ends leaves no listener, and other apps go on', async () => {
  const client = createClient()
  const Both = () => [h(Session), h(tokenOf({ scopes: ['a'] })), h(SignedOut, () => 'out')]
  const [first, second] = [show(Both, client), show(Session, client)]
  await settle()
  expect(client.listeners()).toBeGreaterThan(1)
  first.unmount()
  client.move({ account: alice })
  await settle()
  expect(second.text()).toContain('alice')
  second.unmount()
  expect(client.listeners()).toBe(0)
})

test('two apps of a page have a client each', async () => {
  const [one, other] = [createClient(), createClient()]
  const shown = [show(Session, one), show(Session, other)]
  one.move({ account: alice })
  other.move({ account: bob })
  await settle()
  expect(shown.map(({ text }) => text())).toEqual(['signedIn alice client', 'signedIn bob client'])
})

test('a plugin that is installed twice listens once', async () => {
  const client = createClient()
  const plugin = createCarnet(client.auth)
  show(Session, client, (app) => app.use(plugin).use(plugin))
  // The app of the test has a plugin of its own.
  expect(client.listeners()).toBe(1)
  expect(`${reported.splice(0)}`).toMatch(/already provides .*already been applied/s)
})

test('app.runWithContext has the session; elsewhere the error says what to do', async () => {
  const client = createClient()
  const { app } = show(Session, client)
  const { account } = app.runWithContext(() => useAuth())
  client.move({ account: alice })
  expect(account.value).toBe(alice)
  expect(() => useAuth()).toThrow(/createCarnet.*runWithContext/)
  expect(`${reported.splice(0)}`).toContain('inject() can only be used inside setup')
})

test('the calls of a component end with it', async () => {
  const client = createClient()
  const Caller = {
    setup() {
      useApi()('/api').catch(() => undefined)
      return () => 'calls'
    },
  }
  const { unmount } = show(Caller, client)
  await settle()
  expect(client.signals.map(({ aborted }) => aborted)).toEqual([false])
  unmount()
  expect(client.signals.map(({ aborted }) => aborted)).toEqual([true])
})

test('a component with options reads the refs of its `setup`', async () => {
  const client = createClient()
  const Options = {
    setup: () => ({
      ...useAuth(),
      challenge: useChallenge(),
      other: useAccount({ username: 'bob' }),
    }),
    computed: {
      name(this: { account?: { username: string } }) {
        return this.account?.username ?? 'nobody'
      },
    },
    render(this: { name: string; status: string; other?: { username: string }; challenge: null }) {
      return `${this.status} ${this.name} ${this.other?.username} ${this.challenge}`
    },
  }
  const { text } = show(Options, client)
  expect(text()).toBe('signedOut nobody undefined null')
  client.move({ account: alice, accounts: [alice, bob] })
  await settle()
  expect(text()).toBe('signedIn alice bob null')
})

test('two components that need an account start one sign-in by popup', async () => {
  const client = createClient()
  const Page = () => [1, 2].map(() => h(RequireAccount as Component, { interaction: 'popup' }))
  show(Page, client)
  await settle()
  expect(client.signIns.map(({ request }) => request.interaction)).toEqual(['popup'])
})

test('a page with asynchronous parts hydrates without a warning', async () => {
  const client = createClient()
  client.move({ account: alice })
  const opens: (() => void)[] = []
  const isServer = shallowRef(true)
  const Part = {
    async setup() {
      const { status } = useAuth()
      const { token } = useToken({ scopes: ['a'] })
      if (!isServer.value) await new Promise<void>((resolve) => opens.push(resolve))
      return () => h('p', `${status.value} ${token.value?.accessToken ?? 'waits'}`)
    },
  }
  const Page = () =>
    h('main', [h(Session), h(Suspense, () => h(Part)), h(SignedIn, () => h('i', 'in'))])
  const container = document.body.appendChild(document.createElement('div'))
  container.innerHTML = await renderToString(createSSRApp(Page).use(createCarnet(undefined)))
  expect(container.textContent).toBe('unknown undefined -unknown waits')
  isServer.value = false
  const app = createSSRApp(Page).use(createCarnet(client.auth))
  app.mount(container)
  ending.push(() => app.unmount())
  await settle()
  // The session moves while the part still has the HTML of the server.
  client.move({ account: bob })
  await settle()
  expect(container.textContent).toBe('signedIn bob clientunknown waitsin')
  expect(client.calls).toEqual([])
  opens[0]?.()
  await expect.poll(() => client.calls.length).toBe(1)
  client.calls[0]?.answer('token')
  await settle()
  expect(container.textContent).toBe('signedIn bob clientsignedIn tokenin')
})

test('an app without the plugin says so', () => {
  const container = document.createElement('div')
  const app = createApp(Session)
  app.config.errorHandler = (error) => {
    throw error
  }
  app.config.warnHandler = () => undefined
  expect(() => app.mount(container)).toThrow('app.use(createCarnet(client))')
})
