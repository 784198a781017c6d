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
import { type AuthClient, AuthError } from '@carnet/browser'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { createFakeAuth, personNamed } from '../../browser/src/testing/fake-auth.ts'
import { createTestClient } from '../../browser/src/testing/test-client.ts'
import {
  accountGuard,
  authInterceptor,
  injectAuth,
  injectToken,
  provideCarnet,
  SignedIn,
  SignedOut,
} from './index.ts'

const alice = personNamed('alice')

/** The `authorize` that the README shows. */
const authorize = async (request: Request) =>
  new Request(request, { headers: { authorization: 'Bearer test' } })

beforeAll(() => {
  TestBed.initTestEnvironment(BrowserTestingModule, platformBrowserTesting(), {
    errorOnUnknownElements: true,
    errorOnUnknownProperties: true,
  })
})
beforeEach(() => TestBed.resetTestingModule())

const provide = (client: AuthClient, ...others: unknown[]) =>
  TestBed.configureTestingModule({
    providers: [provideZonelessChangeDetection(), provideCarnet(client), ...(others as [])],
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

test('a component follows a test client, and keeps its views while the status stays', async () => {
  const client = createTestClient()
  provide(client)
  const fixture = TestBed.createComponent(Greeting as Type<unknown>)
  const text = async () => {
    await fixture.whenStable()
    return fixture.nativeElement.textContent.trim()
  }
  expect(await text()).toBe('Nobody')
  await client.signIn()
  expect(await text()).toBe('Hello alice')
  expect(created.count).toBe(1)
  counter.update((count) => count + 1)
  client.setActiveAccount(personNamed('bob'))
  expect(await text()).toBe('Hello bob')
  expect(created.count).toBe(1)
  await client.signOut()
  expect(await text()).toBe('Nobody')
})

test('a guard lets the user of a test client pass, and a component gets a token', async () => {
  const client = createTestClient({ user: { sub: 'alice' } })
  const Page = Component({ template: '{{ token.value()?.accessToken }}' })(
    class {
      readonly token = injectToken(() => ({ scopes: ['a'] }))
    },
  ) as Type<unknown>
  const routes = [{ path: 'page', component: Page, canMatch: [accountGuard()] }]
  provide(client, provideRouter(routes))
  const harness = await RouterTestingHarness.create('/page')
  await harness.fixture.whenStable()
  expect(harness.routeNativeElement?.textContent).toBe('test-token-of-alice')
})

test('requests have the token of a test client, if it has one', async () => {
  provide(
    createTestClient({ members: { authorize } }),
    provideHttpClient(withInterceptors([authInterceptor])),
    provideHttpClientTesting(),
  )
  const answers: unknown[] = []
  TestBed.inject(HttpClient)
    .get('/api/events')
    .subscribe((body) => answers.push(body))
  const requests = TestBed.inject(HttpTestingController)
  await expect.poll(() => requests.match(() => true).map(answer)).toEqual(['Bearer test'])
  expect(answers).toEqual([{ ok: true }])

  function answer(sent: ReturnType<HttpTestingController['expectOne']>) {
    sent.flush({ ok: true })
    return sent.request.headers.get('authorization')
  }
})

test('a request that no challenge can follow fails as it does without the interceptor', async () => {
  const remedied: number[] = []
  const remedy: AuthClient['remedy'] = async (_, { status }) => {
    remedied.push(status)
    return 'none'
  }
  provide(
    createTestClient({ members: { authorize, remedy } }),
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
    createTestClient({ members: { authorize } }),
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
