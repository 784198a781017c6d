import '@angular/compiler'
import { HttpClient, provideHttpClient, withInterceptors } from '@angular/common/http'
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing'
import {
  Component,
  ErrorHandler,
  provideZonelessChangeDetection,
  signal,
  type Type,
} from '@angular/core'
import { TestBed } from '@angular/core/testing'
import { createApplication } from '@angular/platform-browser'
import { BrowserTestingModule, platformBrowserTesting } from '@angular/platform-browser/testing'
import { provideRouter } from '@angular/router'
import { RouterTestingHarness } from '@angular/router/testing'
import { type AuthClient, AuthError, type Snapshot } from '@carnet/browser'
import { unknownSnapshot } from '@carnet/browser/snapshot'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { createFakeAuth, personNamed } from '../../browser/src/testing/fake-auth.ts'
import readme from '../README.md?raw'
import {
  accountGuard,
  authInterceptor,
  injectAuth,
  injectToken,
  provideCarnet,
  SignedIn,
  SignedOut,
} from './index.ts'
import own from './test-bed.browser.test.ts?raw'

// The README shows this function.
/** A client without a provider. */
function createFakeClient() {
  let snapshot: Snapshot = { ...unknownSnapshot, status: 'signedOut' }
  const listeners = new Set<() => void>()
  return {
    /** Signs a user in, or out. */
    become(username: string | null) {
      const account = username ? ({ id: username, username } as Snapshot['account']) : null
      const status = account ? 'signedIn' : 'signedOut'
      snapshot = { ...unknownSnapshot, status, account, accounts: account ? [account] : [] }
      for (const listener of listeners) listener()
    },
    snapshot: () => snapshot,
    on(_name: string, listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    // The guard and `*carnetRequireAccount` read it, and call `signIn` without an account.
    get activeAccount() {
      return snapshot.account
    },
    // `injectToken` calls it.
    acquireTokenSilent: async () => ({ accessToken: 'of-the-test', expiresOn: new Date(2 ** 42) }),
    // `authInterceptor` calls these two.
    authorize: async (request: Request) =>
      new Request(request, { headers: { authorization: 'Bearer of-the-test' } }),
    remedy: async () => 'none',
  }
}

const alice = personNamed('alice')

beforeAll(() => {
  TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting(), {
    errorOnUnknownElements: true,
    errorOnUnknownProperties: true,
  })
})
beforeEach(() => TestBed.resetTestingModule())

const provide = (client: unknown, ...others: unknown[]) =>
  TestBed.configureTestingModule({
    providers: [
      provideZonelessChangeDetection(),
      provideCarnet(client as AuthClient),
      ...(others as []),
    ],
  })

/** Counts the components that read a signal when they are created. */
const counter = signal(0)
const created = { count: 0 }
const Child = Component({ selector: 'test-child', template: '' })(
  class {
    constructor() {
      created.count += 1
      counter()
    }
  },
)

const Greeting = Component({
  imports: [SignedIn, SignedOut, Child],
  template: `<p *carnetSignedIn="let account">Hello {{ account.username }}<test-child /></p>
    <p *carnetSignedOut>Nobody</p>`,
})(class {})

test('the README shows the fake client of this test', () => {
  const start = own.indexOf('/** A client without a provider. */')
  const code = own.slice(start, own.indexOf('\n}\n', start) + 2)
  expect(readme).toContain(code)
})

test('a component follows a fake client, and keeps its views while the status stays', async () => {
  const client = createFakeClient()
  provide(client)
  const fixture = TestBed.createComponent(Greeting as Type<unknown>)
  const text = async () => {
    await fixture.whenStable()
    return fixture.nativeElement.textContent.trim()
  }
  expect(await text()).toBe('Nobody')
  client.become('alice@example.com')
  expect(await text()).toBe('Hello alice@example.com')
  expect(created.count).toBe(1)
  counter.update((count) => count + 1)
  client.become('bob@example.com')
  expect(await text()).toBe('Hello bob@example.com')
  expect(created.count).toBe(1)
  client.become(null)
  expect(await text()).toBe('Nobody')
})

test('a guard lets the user of a fake client pass, and a component gets a token', async () => {
  const client = createFakeClient()
  client.become('alice@example.com')
  const Page = Component({ template: '{{ token.value()?.accessToken }}' })(
    class {
      readonly token = injectToken(() => ({ scopes: ['a'] }))
    },
  ) as Type<unknown>
  const routes = [{ path: 'page', component: Page, canMatch: [accountGuard()] }]
  provide(client, provideRouter(routes))
  const harness = await RouterTestingHarness.create('/page')
  await harness.fixture.whenStable()
  expect(harness.routeNativeElement?.textContent).toBe('of-the-test')
})

test('requests of a fake client have its token', async () => {
  const client = createFakeClient()
  provide(
    client,
    provideHttpClient(withInterceptors([authInterceptor])),
    provideHttpClientTesting(),
  )
  const answers: unknown[] = []
  TestBed.inject(HttpClient)
    .get('/api/events')
    .subscribe((body) => answers.push(body))
  const requests = TestBed.inject(HttpTestingController)
  await expect.poll(() => requests.match(() => true).map(answer)).toEqual(['Bearer of-the-test'])
  expect(answers).toEqual([{ ok: true }])

  function answer(sent: ReturnType<HttpTestingController['expectOne']>) {
    sent.flush({ ok: true })
    return sent.request.headers.get('authorization')
  }
})

test('a request that no challenge can follow fails as it does without the interceptor', async () => {
  const remedied: number[] = []
  const client = {
    ...createFakeClient(),
    remedy: async (_: Request, { status }: Response) => {
      remedied.push(status)
      return 'none'
    },
  }
  provide(
    client,
    provideHttpClient(withInterceptors([authInterceptor])),
    provideHttpClientTesting(),
  )
  const http = TestBed.inject(HttpClient)
  const requests = TestBed.inject(HttpTestingController)
  const statuses: number[] = []
  for (const status of [401, 403, 404, 503, 999]) {
    http.get(`/api/${status}`).subscribe({ error: (error) => statuses.push(error.status) })
    await expect
      .poll(() =>
        requests.match(() => true).map((sent) => sent.flush(null, { status, statusText: 'No' })),
      )
      .toHaveLength(1)
  }
  await expect.poll(() => statuses.sort()).toEqual([401, 403, 404, 503, 999])
  expect(remedied).toEqual([401, 403])
})

test('a URL with a user gets no token', () => {
  provide(
    createFakeClient(),
    provideHttpClient(withInterceptors([authInterceptor])),
    provideHttpClientTesting(),
  )
  for (const user of ['alice', 'alice:secret', ':secret']) {
    const url = `https://${user}@api.example.com/`
    TestBed.inject(HttpClient).get(url).subscribe()
    const sent = TestBed.inject(HttpTestingController).expectOne(url)
    expect(sent.request.headers.has('authorization')).toBe(false)
  }
})

test('two apps of one page have a session each', async () => {
  const Who = Component({ selector: 'test-who', template: '{{ account()?.username }}' })(
    class {
      readonly account = injectAuth().account
    },
  ) as Type<unknown>
  const fakes = [createFakeAuth(), createFakeAuth()]
  const apps = await Promise.all(
    fakes.map(({ auth }) => createApplication({ providers: [provideCarnet(auth)] })),
  )
  const hosts = apps.map((app) => {
    const host = document.body.appendChild(document.createElement('test-who'))
    app.bootstrap(Who, host)
    return host
  })
  fakes[0]?.move({ account: alice })
  fakes[1]?.move({ account: personNamed('bob') })
  await Promise.all(apps.map((app) => app.whenStable()))
  expect(hosts.map((host) => host.textContent)).toEqual(['alice', 'bob'])
  apps[0]?.destroy()
  expect(fakes.map(({ listeners }) => listeners())).toEqual([0, 1])
  apps[1]?.destroy()
})

test('an error that a template does not read first goes to the `ErrorHandler`', async () => {
  const error = new AuthError('token_request_failed', 'The provider is down.')
  const { auth } = createFakeAuth()
  Object.assign(auth, { acquireTokenSilent: () => Promise.reject(error) })
  const handled: unknown[] = []
  const Reader = Component({ selector: 'test-reader', template: '{{ token.value() }}' })(
    class {
      readonly token = injectToken(() => ({ scopes: ['a'] }))
    },
  ) as Type<unknown>
  const handler = { handleError: (reason: unknown) => void handled.push(reason) }
  const app = await createApplication({
    providers: [provideCarnet(auth), { provide: ErrorHandler, useValue: handler }],
  })
  app.bootstrap(Reader, document.body.appendChild(document.createElement('test-reader')))
  await expect.poll(() => handled.length).toBeGreaterThan(0)
  const [reason] = handled as (Error | undefined)[]
  expect([reason, reason?.cause]).toContain(error)
  app.destroy()
})
