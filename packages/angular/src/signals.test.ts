import '@angular/compiler'
import { HttpContext } from '@angular/common/http'
import {
  APP_INITIALIZER,
  createEnvironmentInjector,
  type EnvironmentInjector,
  PLATFORM_ID,
  runInInjectionContext,
  type Signal,
} from '@angular/core'
import type { CanActivateFn, CanMatchFn } from '@angular/router'
import type { Account, AuthClient } from '@carnet/browser'
import { AuthError } from '@carnet/browser'
import { expect, expectTypeOf, test } from 'vitest'
import { createFakeAuth, personNamed } from '../../browser/src/testing/fake-auth.ts'
import {
  type Auth,
  accountGuard,
  authInterceptor,
  CALL_OPTIONS,
  injectAccount,
  injectAuth,
  injectChallenge,
  injectToken,
  provideCarnet,
} from './index.ts'

const alice = personNamed('alice')
const bob = personNamed('bob')
const failure = new AuthError('invalid_options', 'No authority.')

/** The injector of an app in a browser. */
function startApp(client: AuthClient | Promise<AuthClient>): EnvironmentInjector {
  const platform = { provide: PLATFORM_ID, useValue: 'browser' }
  return createEnvironmentInjector([platform, provideCarnet(client)], null as never)
}

/** Does what Angular does before it creates the first component. */
const initializes = (app: EnvironmentInjector) =>
  Promise.all(
    (app.get(APP_INITIALIZER) as unknown as (() => unknown)[]).map((run) => inApp(app, run)),
  )

const inApp = <T>(app: EnvironmentInjector, work: () => T): T => runInInjectionContext(app, work)

test('the signals follow the client, until the app is destroyed', () => {
  const { auth, move, listeners } = createFakeAuth()
  const app = startApp(auth)
  const session = inApp(app, injectAuth)
  const named = inApp(app, () => injectAccount({ username: 'bob' }))
  const active = inApp(app, () => injectAccount())
  expect([session.status(), session.account(), session.client()]).toEqual(['signedOut', null, auth])
  move({ account: alice, accounts: [alice, bob], interaction: 'popup', error: failure })
  expect([session.status(), session.interaction(), session.error()]).toEqual([
    'signedIn',
    'popup',
    failure,
  ])
  expect([active(), named()]).toEqual([alice, bob])
  expect(session.snapshot()).toBe(auth.snapshot())
  expect(listeners()).toBe(1)
  app.destroy()
  expect(listeners()).toBe(0)
})

test('the app starts when the client is ready', async () => {
  const { auth } = createFakeAuth()
  let start = (_: AuthClient) => {}
  const app = startApp(
    new Promise((resolve) => {
      start = resolve
    }),
  )
  const session = inApp(app, injectAuth)
  const steps: string[] = []
  const starting = initializes(app).then(() => steps.push('started'))
  await new Promise((resolve) => setImmediate(resolve))
  expect([session.status(), session.client(), steps]).toEqual(['unknown', undefined, []])
  start(auth)
  await starting
  expect([session.status(), session.client()]).toEqual(['signedOut', auth])
})

test('an app whose client cannot start does start, with the reason', async () => {
  const app = startApp(Promise.reject(failure))
  const session = inApp(app, injectAuth)
  await initializes(app)
  expect([session.status(), session.error()]).toEqual(['unknown', failure])
  await expect(session.ready).rejects.toBe(failure)
})

test('a missing provider is named', () => {
  const app = createEnvironmentInjector([], null as never)
  expect(() => inApp(app, injectAuth)).toThrow('provideCarnet')
})

test('types', () => {
  expectTypeOf<Auth['account']>().toEqualTypeOf<Signal<Account | null>>()
  expectTypeOf<Auth['client']>().toEqualTypeOf<Signal<AuthClient | undefined>>()
  expectTypeOf(accountGuard({ interaction: 'popup' })).toExtend<CanActivateFn & CanMatchFn>()
  expectTypeOf(authInterceptor).parameter(0).toHaveProperty('urlWithParams')
  expectTypeOf(injectToken).returns.toHaveProperty('value')
  expectTypeOf(injectChallenge).returns.toBeFunction()
  new HttpContext().set(CALL_OPTIONS, { account: alice, interaction: 'none' })
  // @ts-expect-error A guard has three interactions.
  accountGuard({ interaction: 'iframe' })
  // @ts-expect-error A client needs an authority.
  provideCarnet({ clientId: 'spa' })
  // @ts-expect-error A new token at each look would never end.
  type _ = Parameters<typeof injectToken>[0] extends () => { scopes: []; forceRefresh: true }
    ? 1
    : 0
})
