import '@angular/compiler'
import { Component, provideZonelessChangeDetection, type Type } from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { provideRouter, Router, type Routes, withNavigationErrorHandler } from '@angular/router'
import { RouterTestingHarness } from '@angular/router/testing'
import { type AuthClient, AuthError } from '@carnet/browser'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { createFakeAuth, personNamed } from '../../browser/src/testing/fake-auth.ts'
import { accountGuard, injectAuth, provideCarnet } from './index.ts'

const alice = personNamed('alice')

beforeAll(() => {
  TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting())
})
beforeEach(() => TestBed.resetTestingModule())

/** An app with a guarded route, and a route without a guard. */
function startRouter(client: AuthClient, guard: ReturnType<typeof accountGuard>) {
  const loaded: string[] = []
  const errors: unknown[] = []
  const page = (text: string) => Component({ template: text })(class {}) as Type<unknown>
  const routes: Routes = [
    { path: '', component: page('Home') },
    { path: 'active', component: page('Active'), canActivate: [guard] },
    {
      path: 'parent',
      canActivateChild: [guard],
      children: [{ path: 'child', component: page('Child') }],
    },
    {
      path: 'admin',
      canActivate: [guard],
      children: [
        { path: '', canActivate: [() => !!injectAuth().account()], component: page('Admin') },
      ],
    },
    {
      path: 'lazy',
      canMatch: [guard],
      loadChildren: async () => {
        loaded.push('lazy')
        return [{ path: ':id', component: page('Lazy') }]
      },
    },
    { path: '**', component: page('Other') },
  ]
  const onError = withNavigationErrorHandler(({ error }) => void errors.push(error))
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      provideCarnet(client),
      provideRouter(routes, onError),
    ],
  })
  return { loaded, errors, router: TestBed.inject(Router) }
}

for (const path of ['/active?x=1&y=%2F#part', '/parent/child?x=1#part', '/lazy/7?x=1#part'])
  test(`a guard sends the user back to ${path}`, async () => {
    const { auth, signIns } = createFakeAuth()
    const { loaded, router } = startRouter(auth, accountGuard({ request: { scopes: ['a'] } }))
    const harness = await RouterTestingHarness.create('/')
    const arriving = harness.navigateByUrl(path)
    await expect.poll(() => signIns.length).toBe(1)
    expect(signIns[0]?.request).toMatchObject({
      ...{ scopes: ['a'], interaction: 'redirect', returnTo: location.origin + path },
    })
    expect([router.url, loaded]).toEqual(['/', []])
    signIns[0]?.resolve(alice)
    await arriving
    expect(router.url).toBe(path)
    expect(harness.routeNativeElement?.textContent).toMatch(/Active|Child|Lazy/)
    expect(signIns).toHaveLength(1)
  })

test('a navigation that the user leaves does not come back after the sign-in', async () => {
  const { auth, signIns } = createFakeAuth()
  const { router } = startRouter(auth, accountGuard({ interaction: 'popup' }))
  const harness = await RouterTestingHarness.create('/')
  const left = router.navigateByUrl('/active')
  await expect.poll(() => signIns.length).toBe(1)
  await harness.navigateByUrl('/other')
  signIns[0]?.resolve(alice)
  expect(await left).toBe(false)
  expect([router.url, harness.routeNativeElement?.textContent]).toEqual(['/other', 'Other'])
  await harness.navigateByUrl('/active')
  expect(router.url).toBe('/active')
  expect(signIns).toHaveLength(1)
})

test('a guard of a child route runs when the user has signed in', async () => {
  const { auth, signIns } = createFakeAuth()
  const { router } = startRouter(auth, accountGuard({ interaction: 'popup' }))
  const harness = await RouterTestingHarness.create('/')
  const arriving = router.navigateByUrl('/admin')
  await expect.poll(() => signIns.length).toBe(1)
  signIns[0]?.resolve(alice)
  expect(await arriving).toBe(true)
  expect(harness.routeNativeElement?.textContent).toBe('Admin')
})

test('after a failed sign-in `canActivate` ends the navigation, and `canMatch` tries the next route', async () => {
  for (const [path, result, text] of [
    ['/active', false, ''],
    ['/lazy/7', true, 'Other'],
  ] as const) {
    TestBed.resetTestingModule()
    const { auth, move } = createFakeAuth()
    const error = new AuthError('user_cancelled', 'The user closed the window.')
    Object.assign(auth, {
      async signIn() {
        move({ error })
        throw error
      },
    })
    const { errors, router } = startRouter(auth, accountGuard({ interaction: 'popup' }))
    const harness = await RouterTestingHarness.create()
    expect(await router.navigateByUrl(path)).toBe(result)
    expect(harness.fixture.nativeElement.textContent).toBe(text)
    expect(errors).toEqual([])
  }
})

test('without an interaction the error goes to the handler of the router', async () => {
  const { auth, signIns } = createFakeAuth()
  const { errors, loaded, router } = startRouter(auth, accountGuard({ interaction: 'none' }))
  await router.navigateByUrl('/lazy/7').catch(() => undefined)
  expect(errors).toMatchObject([{ code: 'interaction_required', reason: 'no_account' }])
  expect([router.url, loaded, signIns]).toEqual(['/', [], []])
})

for (const given of ['a client', 'its promise'])
  test(`after a sign-out on a guarded page the provider asks who the user is, with ${given}`, async () => {
    const { auth, move, signIns } = createFakeAuth()
    const client = given === 'a client' ? auth : Promise.resolve(auth)
    const { router } = startRouter(client as AuthClient, accountGuard())
    move({ account: alice })
    await (await RouterTestingHarness.create('/')).navigateByUrl('/lazy/7')
    history.replaceState(null, '', '/lazy/7')
    move({ account: null })
    void router.navigateByUrl('/lazy/7', { onSameUrlNavigation: 'reload' })
    await expect.poll(() => signIns.length).toBeGreaterThan(0)
    expect(signIns.map(({ request }) => request.prompt)).toEqual(['login'])
  })
