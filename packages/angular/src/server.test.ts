import '@angular/compiler'
import {
  HttpClient,
  HttpContext,
  provideHttpClient,
  withFetch,
  withInterceptors,
} from '@angular/common/http'
import { Component, inject, signal } from '@angular/core'
import { type BootstrapContext, bootstrapApplication } from '@angular/platform-browser'
import { provideServerRendering, renderApplication } from '@angular/platform-server'
import { provideRouter, RouterOutlet } from '@angular/router'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  accountGuard,
  authInterceptor,
  CALL_OPTIONS,
  injectAccount,
  injectApi,
  injectAuth,
  injectChallenge,
  injectToken,
  provideCarnet,
  SignedIn,
  SignedOut,
} from './index.ts'

/** The options of a client that could not be created in Node. */
const options = { clientId: 'spa', authority: 'https://login.example.com' }

const Mail = Component({
  imports: [SignedIn, SignedOut],
  template: `Mail: <b *carnetSignedIn>in</b><b *carnetSignedOut>out</b>{{ auth.status() }}, {{ name() }},
    {{ token.status() }}, {{ challenge() === null }}, {{ auth.client() === undefined }}, {{ sent() }}`,
})(
  class {
    readonly auth = injectAuth()
    readonly account = injectAccount({ username: 'alice' })
    readonly name = () => this.account()?.username ?? 'nobody'
    readonly token = injectToken(() => ({ scopes: ['mail.read'] }))
    readonly challenge = injectChallenge()
    readonly api = injectApi()
    readonly sent = signal('')
    constructor() {
      const context = new HttpContext().set(CALL_OPTIONS, { interaction: 'popup' })
      inject(HttpClient)
        .get('data:application/json,{"a":1}', { context })
        .subscribe((body) => this.sent.set(JSON.stringify(body)))
    }
  },
)

const App = Component({
  selector: 'app-root',
  imports: [RouterOutlet],
  template: '<router-outlet />',
})(class {})

const render = (url: string) =>
  renderApplication(
    (context: BootstrapContext) =>
      bootstrapApplication(
        App,
        {
          providers: [
            provideServerRendering(),
            provideCarnet(options),
            provideHttpClient(withFetch(), withInterceptors([authInterceptor])),
            provideRouter([
              {
                path: 'mail',
                component: Mail,
                canMatch: [accountGuard()],
                canActivate: [accountGuard()],
              },
            ]),
          ],
        },
        context,
      ),
    { document: '<app-root></app-root>', url, allowedHosts: ['app.example'] },
  )

const GLOBALS = [
  'window',
  'document',
  'location',
  'history',
  'localStorage',
  'indexedDB',
  'navigator',
]
const touched: string[] = []
const before: Readonly<Record<string, PropertyDescriptor>> =
  Object.getOwnPropertyDescriptors(globalThis)

beforeAll(() => {
  for (const name of GLOBALS)
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        const [, , reader = ''] = new Error().stack?.split('\n') ?? []
        // Angular looks at globals itself.
        if (/\/packages\/\w+\/src\//.test(reader)) touched.push(`${name} ${reader}`)
        return undefined
      },
    })
})

// Angular replaces globals of Node too, for example `Event`. Other files run in the same environment.
afterAll(() => {
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    const descriptor = before[name]
    if (descriptor?.configurable) Object.defineProperty(globalThis, name, descriptor)
    else if (!descriptor && !name.startsWith('__')) Reflect.deleteProperty(globalThis, name)
  }
})

test('a server renders the status `unknown`, and touches no global of a browser', async () => {
  const html = await render('https://app.example/mail')
  const text = html.replace(/<[^>]*>/g, '').replace(/\s+/g, ' ')
  expect(text).toContain('Mail: unknown, nobody, idle, true, true, {"a":1}')
  expect(touched).toEqual([])
})
