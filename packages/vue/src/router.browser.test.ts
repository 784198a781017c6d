import type { AuthClient } from '@carnet/browser'
import { AuthError } from '@carnet/core/base'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Component, h } from 'vue'
import {
  createRouter,
  createWebHashHistory,
  createWebHistory,
  type RouterHistory,
  RouterView,
} from 'vue-router'
import { firstPage } from '../../browser/src/startup/page/first-page.ts'
import { createFakeAuth, personNamed } from '../../browser/src/testing/fake-auth.ts'
import { accountGuard, bindRouter } from './router.ts'
import { ending, reported, settle, show } from './testing/test-app.ts'

const alice = personNamed('alice')
const ofTests = location.href

beforeEach(() => history.replaceState(null, '', '/'))
afterEach(() => history.replaceState(null, '', ofTests))

const urlOfPage = () => location.href.replace(location.origin, '')

/** A client that starts when the test says so, after it has restored the URL of a sign-in. */
function startingClient(redirectError: AuthError | null = null) {
  const fake = createFakeAuth(redirectError)
  let resolve = (_: AuthClient) => undefined as unknown
  const auth = new Promise<AuthClient>((settled) => {
    resolve = settled
  })
  const starts = async (restored?: string) => {
    if (restored) firstPage().replaceUrl(restored)
    resolve(fake.auth)
    await settle()
  }
  return { ...fake, auth: auth as Promise<AuthClient> & AuthClient, starts }
}

interface Parts {
  readonly all?: ReturnType<typeof accountGuard>
  readonly profile?: ReturnType<typeof accountGuard>
  readonly home?: () => Promise<Component>
  readonly history?: RouterHistory
}

/** An app with a home page and a profile. */
function createPages({ all, profile, home, history = createWebHistory() }: Parts) {
  const pageOf = (name: string) => ({ render: () => h('p', name) })
  const router = createRouter({
    history,
    routes: [
      { path: '/', component: home ?? pageOf('home') },
      { path: '/profile', component: pageOf('profile'), ...(profile && { beforeEnter: profile }) },
    ],
  })
  if (all) router.beforeEach(all)
  const errors: (string | undefined)[] = []
  router.onError((error) => void errors.push((error as AuthError).code))
  ending.push(() => history.destroy())
  return {
    router,
    errors,
    mount: (auth: AuthClient) => show(RouterView, { auth }, (app) => app.use(router)),
  }
}

test('with a guard of all routes, a sign-in returns to its page', async () => {
  const client = startingClient()
  const { router, mount } = createPages({ all: accountGuard(client.auth) })
  const { text } = mount(client.auth)
  await settle()
  client.move({ account: alice })
  const { length } = history
  await client.starts('/profile?x=1#part')
  await expect.poll(text).toBe('profile')
  expect(urlOfPage()).toBe('/profile?x=1#part')
  expect(history.length).toBe(length)

  await router.push('/')
  router.back()
  await expect.poll(text).toBe('profile')
  expect(urlOfPage()).toBe('/profile?x=1#part')
})

test('a sign-in returns to its page while the first route is still loading', async () => {
  const client = startingClient()
  let loads = (_: Component) => undefined as unknown
  const loading = new Promise<Component>((resolve) => {
    loads = resolve
  })
  const { router, mount } = createPages({
    profile: accountGuard(client.auth),
    home: () => loading,
  })
  ending.push(bindRouter(client.auth, router))
  const { text } = mount(client.auth)
  await settle()
  client.move({ account: alice })
  await client.starts('/profile?x=1#part')
  loads({ render: () => h('p', 'home') })
  await expect.poll(text).toBe('profile')
  expect(urlOfPage()).toBe('/profile?x=1#part')
})

test('a user who cancels gets an error and no second sign-in, until the next navigation', async () => {
  const client = startingClient(new AuthError('access_denied', 'The user cancelled.'))
  const { router, errors, mount } = createPages({ all: accountGuard(client.auth) })
  mount(client.auth)
  await settle()
  await client.starts('/profile')
  await expect.poll(() => errors).toEqual(['access_denied'])
  // Vue Router warns if the first navigation fails.
  expect(reported.splice(0).join()).toContain('starting the router')
  expect(client.signIns).toEqual([])
  await new Promise((resolve) => setTimeout(resolve))
  void router.push('/profile?again')
  await expect.poll(() => client.signIns.length).toBe(1)
  expect(client.signIns[0]?.request.returnTo).toBe(`${location.origin}/profile?again`)
})

test('a new session runs the guards of the page again, and their errors have one way', async () => {
  const client = startingClient()
  const seen: string[] = []
  const { router, errors, mount } = createPages({})
  router.beforeEach(({ fullPath }) => {
    seen.push(fullPath)
    if (seen.length > 2) throw new AuthError('access_denied', 'No more.')
  })
  const stop = bindRouter(client.auth, router)
  mount(client.auth)
  await router.push('/profile?x=1#part')
  await client.starts()
  seen.length = 1
  client.move({ account: alice })
  await expect.poll(() => seen.slice(1)).toEqual(['/profile?x=1#part'])
  client.move({ account: null })
  await expect.poll(() => errors).toEqual(['access_denied'])
  stop()
  client.move({ account: alice })
  await settle()
  expect(seen).toHaveLength(3)
})

test('a guard that an app calls too late explains itself', async () => {
  const client = startingClient()
  const { router, errors, mount } = createPages({})
  const guard = accountGuard(client.auth) as unknown as (...given: unknown[]) => Promise<void>
  router.beforeEach(async (to, from) => {
    await settle()
    if (to.path === '/profile') await guard(to, from)
  })
  mount(client.auth)
  await client.starts()
  await router.isReady()
  await expect(router.push('/profile')).rejects.toThrow('before an await')
  expect(errors).toHaveLength(1)
  expect(reported.splice(0).join()).toContain('inject() can only be used')
})

test('a guard with a popup goes on to its page, and the other guards see the new account', async () => {
  const client = startingClient()
  const seen: [string, string | undefined][] = []
  const { router, mount } = createPages({
    profile: accountGuard(client.auth, { interaction: 'popup' }),
  })
  router.beforeEach(async ({ path }) => {
    seen.push([path, (await client.auth).activeAccount?.username])
  })
  ending.push(bindRouter(client.auth, router))
  const { text } = mount(client.auth)
  await client.starts()
  await router.isReady()
  const going = router.push('/profile')
  await expect.poll(() => client.signIns.length).toBe(1)
  client.signIns[0]?.resolve(alice)
  expect(await going).toBeUndefined()
  await expect.poll(() => seen.at(-1)).toEqual(['/profile', 'alice'])
  expect(text()).toBe('profile')
})

test('a second app with the same router starts where the page says', async () => {
  const client = startingClient()
  const { router, mount } = createPages({})
  ending.push(bindRouter(client.auth, router))
  const first = mount(client.auth)
  await client.starts()
  await router.isReady()
  await router.push('/profile')
  first.unmount()
  await router.push('/?second')
  const { text } = mount(client.auth)
  await expect.poll(text).toBe('home')
  expect(urlOfPage()).toBe('/?second')
})

for (const [kind, create, target] of [
  ['a base', () => createWebHistory('/base/'), '/base/profile?x=1'],
  ['a hash', () => createWebHashHistory(), '/#/profile?x=1'],
  ['a hash in a folder', () => createWebHashHistory(), '/folder/#/profile?x=1'],
] as const)
  test(`the user comes back to the URL of a router with ${kind}`, async () => {
    if (kind === 'a hash in a folder') history.replaceState(null, '', '/folder/')
    const client = startingClient()
    const { router, mount } = createPages({
      profile: accountGuard(client.auth),
      history: create(),
    })
    mount(client.auth)
    await client.starts()
    void router.push('/profile?x=1')
    await expect.poll(() => client.signIns.length).toBe(1)
    expect(client.signIns[0]?.request.returnTo).toBe(location.origin + target)
  })
