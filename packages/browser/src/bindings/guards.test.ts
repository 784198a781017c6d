import { AuthError } from '@carnet/core/base'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFakeAuth, personNamed } from '../testing/fake-auth.ts'
import { bindRouter, type Navigation, requireAccount, restoreRoute } from './guards.ts'

const alice = personNamed('alice')
const bob = personNamed('bob')

/** The globals of a page that guards read. */
const page = { href: 'https://app.example/' }
const globals = {
  document: {},
  location: {
    origin: 'https://app.example',
    get href() {
      return page.href
    },
  },
}
const before = Object.keys(globals).map(
  (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
)
beforeEach(() => {
  page.href = 'https://app.example/'
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true })
})
afterEach(() => {
  for (const [name, descriptor] of before)
    if (descriptor) Object.defineProperty(globalThis, name, descriptor)
    else Reflect.deleteProperty(globalThis, name)
})

/** Runs the guards until they wait for the client or for the user. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('a signed-in user passes without a sign-in', async () => {
  const { auth, move, signIns } = createFakeAuth()
  move({ account: alice })
  expect(await requireAccount(Promise.resolve(auth))('/profile')).toBe(alice)
  expect(signIns).toEqual([])
})

test('the user comes back to the target of the navigation', async () => {
  page.href = 'https://app.example/deep?x=1#part'
  const targets: [Navigation | undefined, string][] = [
    [undefined, 'https://app.example/deep?x=1#part'],
    ['/profile?x=1#top', 'https://app.example/profile?x=1#top'],
    ['#/profile', 'https://app.example/deep?x=1#/profile'],
    [new URL('https://app.example/a'), 'https://app.example/a'],
    [{ request: { url: 'https://app.example/deep?x=1' } }, 'https://app.example/deep?x=1#part'],
    [{ request: { url: 'https://app.example/other' } }, 'https://app.example/other'],
    [{ location: { href: '/b?c=d' } }, 'https://app.example/b?c=d'],
    [{ location: { href: '/b', publicHref: '/base/b' } }, 'https://app.example/base/b'],
    [{ url: new URL('https://app.example/kit') }, 'https://app.example/kit'],
    // A path is a path, also if it looks like the URL of another host.
    ['//evil.example/a?b#c', 'https://app.example//evil.example/a?b#c'],
    ['/\\evil.example/a', 'https://app.example//evil.example/a'],
    [{ location: { href: '//evil.example' } }, 'https://app.example//evil.example'],
  ]
  for (const [navigation, returnTo] of targets) {
    const { auth, signIns } = createFakeAuth()
    const passing = requireAccount(auth, { request: { scopes: ['a'] } })(navigation)
    await settle()
    expect(signIns.map(({ request }) => request)).toEqual([
      { scopes: ['a'], interaction: 'redirect', returnTo },
    ])
    signIns[0]?.resolve(alice)
    expect(await passing).toBe(alice)
  }
})

test('guards share one popup, and a later guard opens another', async () => {
  const { auth, move, signIns } = createFakeAuth()
  const outer = requireAccount(auth, { interaction: 'popup' })
  const inner = requireAccount(auth, { interaction: 'popup', request: { scopes: ['a'] } })
  const passing = [outer('/a'), inner('/a')]
  await settle()
  expect(signIns).toHaveLength(1)
  signIns[0]?.resolve(alice)
  expect(await Promise.all(passing)).toEqual([alice, alice])
  move({ account: null })
  const again = outer('/b')
  await settle()
  signIns[1]?.resolve(bob)
  expect(await again).toBe(bob)
})

test('without an interaction the error has a request for a sign-in', async () => {
  const { auth, signIns } = createFakeAuth()
  const guard = requireAccount(auth, { interaction: 'none', request: { scopes: ['a'] } })
  await expect(guard('/profile')).rejects.toMatchObject({
    code: 'interaction_required',
    reason: 'no_account',
    request: { scopes: ['a'] },
  })
  expect(signIns).toEqual([])
})

test('a router that loads in advance starts no interaction', async () => {
  const { auth, signIns } = createFakeAuth()
  const preloading = requireAccount(auth)({ location: { href: '/profile' }, preload: true })
  await expect(preloading).rejects.toMatchObject({ code: 'interaction_required' })
  expect(signIns).toEqual([])
})

test('a failed redirect is reported once at its target, and does not stop other navigations', async () => {
  page.href = 'https://app.example/profile?x=1#part'
  const error = new AuthError('access_denied', 'The user refused.')
  const { auth, signIns } = createFakeAuth(error)
  const guard = requireAccount(auth)
  const outer = guard({ request: { url: 'https://app.example/profile?x=1' } })
  const inner = guard('/profile?x=1')
  await expect(outer).rejects.toBe(error)
  await expect(inner).rejects.toBe(error)
  void guard('/other')
  await settle()
  expect(signIns).toHaveLength(1)
  await new Promise((resolve) => setTimeout(resolve))
  void guard('/profile?x=1')
  await settle()
  expect(signIns).toHaveLength(2)
})

test('a navigation to the page itself follows the URL that the client restores meanwhile', async () => {
  // The parameters looked like a response, and the tab had a sign-in that never ended.
  const url = 'https://app.example/profile?code=SUMMER&state=NY#part'
  page.href = 'https://app.example/profile'
  const { auth, signIns } = createFakeAuth()
  const starting = settle().then(() => {
    page.href = url
    return auth
  })
  void requireAccount(starting)({ request: { url: page.href } })
  await starting
  await settle()
  expect(signIns.map(({ request }) => request.returnTo)).toEqual([url])
})

test('a cancelled sign-in starts no other one at a guarded redirect URI', async () => {
  const error = new AuthError('access_denied', 'The user cancelled.')
  const { auth, signIns } = createFakeAuth(error)
  const starting = settle().then(() => {
    page.href = 'https://app.example/profile?x=1#part'
    return auth
  })
  void starting.then(settle).then(() => signIns[0]?.resolve(alice))
  await expect(requireAccount(starting)('/')).rejects.toBe(error)
  expect(signIns).toEqual([])
})

test('a guard reports that the client could not start, and that a server has no page', async () => {
  const error = new AuthError('invalid_options', 'No authority.')
  const failing = Promise.reject(error)
  await expect(requireAccount(failing)('/')).rejects.toBe(error)
  Reflect.deleteProperty(globalThis, 'document')
  await expect(requireAccount(undefined)('/')).rejects.toMatchObject({
    code: 'unsupported_environment',
  })
})

test('a guard that a router only starts on a server does not end the process', async () => {
  Reflect.deleteProperty(globalThis, 'document')
  const unhandled: unknown[] = []
  const note = (reason: unknown) => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  void requireAccount(undefined)('/')
  await settle()
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

test('after a sign-out on a guarded page the provider asks who the user is', async () => {
  page.href = 'https://app.example/profile'
  const { auth, move, signIns } = createFakeAuth()
  const guard = requireAccount(auth)
  const end = bindRouter(auth, () => void guard(page.href))
  move({ account: alice })
  await settle()
  move({ account: null })
  await settle()
  void guard('/other')
  await settle()
  expect(signIns.map(({ request }) => request.prompt)).toEqual(['login', undefined])
  end()
})

test('a router hears of each change of the active account, and of nothing else', async () => {
  const { auth, move } = createFakeAuth()
  let count = 0
  const end = bindRouter(Promise.resolve(auth), () => count++)
  await settle()
  expect(count).toBe(0)
  move({ interaction: 'popup' })
  expect(count).toBe(0)
  move({ account: alice })
  expect(count).toBe(1)
  move({ account: alice, interaction: null })
  expect(count).toBe(1)
  move({ account: bob })
  move({ account: null })
  expect(count).toBe(3)
  end()
  move({ account: alice })
  expect(count).toBe(3)
})

test('after a response to a redirect the router of a server goes to the restored URL', async () => {
  page.href = 'https://app.example/profile?x=1#part'
  const failed = createFakeAuth(new AuthError('access_denied', 'The user cancelled.'))
  const gone: string[] = []
  restoreRoute(failed.auth, (url) => gone.push(url))
  const end = restoreRoute(failed.auth, (url) => gone.push(`after the end: ${url}`))
  end()
  restoreRoute(createFakeAuth().auth, (url) => gone.push(`without a response: ${url}`))
  restoreRoute(undefined, (url) => gone.push(`on a server: ${url}`))
  restoreRoute(Promise.reject(new Error('no start')), (url) => gone.push(`failed: ${url}`))
  await settle()
  expect(gone).toEqual([page.href])
})
