/** Requests of Angular's `HttpClient` by `authInterceptor`. The compiler of Angular runs in the page. */
import '@angular/compiler'
import {
  HttpClient,
  HttpContext,
  type HttpErrorResponse,
  type HttpEvent,
  HttpEventType,
  type HttpInterceptorFn,
  provideHttpClient,
  withInterceptors,
  withXhr,
} from '@angular/common/http'
import {
  ApplicationRef,
  Component,
  inject,
  provideZoneChangeDetection,
  provideZonelessChangeDetection,
} from '@angular/core'
import { bootstrapApplication } from '@angular/platform-browser'
import { authInterceptor, CALL_OPTIONS, injectAuth, provideCarnet } from '@carnet/angular'
import { isAuthError, type UserChallenge } from '@carnet/browser'

/** A request, and the call options that can be passed as JSON. */
export interface HttpCall {
  readonly url: string
  /** The length of the body. Default: no body. */
  readonly length?: number
  readonly headers?: Record<string, string>
  readonly interaction?: 'popup' | 'none'
}

/** The answer to a request of `HttpClient`. */
export interface HttpAnswer {
  readonly status?: number
  readonly body?: Record<string, unknown>
  readonly code?: string
  /** The names of the events that came, each once, in their order. */
  readonly events: readonly string[]
}

declare global {
  interface Window {
    http: {
      send(call: HttpCall): Promise<HttpAnswer>
      /** Sends a request, and unsubscribes when the browser has sent it. */
      abandon(call: HttpCall, sent: Promise<void>): void
      whenStable(): Promise<void>
    }
    /** The challenges that need the user. */
    challenges: UserChallenge[]
  }
}

const query = new URLSearchParams(location.search)
const authority =
  document.querySelector<HTMLMetaElement>('meta[name=carnet-authority]')?.content ?? ''
window.challenges = []

const App = Component({ selector: '#root', template: '{{ status() }} {{ account()?.username }}' })(
  class {
    readonly status = injectAuth().status
    readonly account = injectAuth().account
    constructor() {
      const http = inject(HttpClient)
      const application = inject(ApplicationRef)
      const request = ({ url, length, headers = {}, interaction }: HttpCall) =>
        http.request(length === undefined ? 'GET' : 'POST', url, {
          body: length === undefined ? null : new Blob([new Uint8Array(length)]),
          headers,
          context: new HttpContext().set(CALL_OPTIONS, { interaction }),
          observe: 'events',
          reportProgress: true,
        })
      window.http = {
        send: (call) =>
          new Promise((resolve) => {
            const events = new Set<string>()
            request(call).subscribe({
              next(event: HttpEvent<Record<string, unknown>>) {
                events.add(HttpEventType[event.type])
                if (event.type === HttpEventType.Response)
                  resolve({ status: event.status, body: event.body ?? {}, events: [...events] })
              },
              error: (error: HttpErrorResponse) =>
                resolve({
                  ...(isAuthError(error) ? { code: error.code } : { status: error.status }),
                  events: [...events],
                }),
            })
          }),
        abandon(call, sent) {
          const subscription = request(call).subscribe()
          void sent.then(() => subscription.unsubscribe())
        },
        whenStable: () => application.whenStable(),
      }
    }
  },
)

await bootstrapApplication(App, {
  providers: [
    query.has('zone') ? provideZoneChangeDetection() : provideZonelessChangeDetection(),
    provideCarnet({
      clientId: 'spa',
      authority,
      redirectUri: '/',
      resources: { [`${authority}/api/`]: ['calendar.read'], [`${authority}/api/public/`]: null },
      onChallenge: (challenge) => window.challenges.push(challenge),
    }),
    provideHttpClient(
      // Its types are those of the older Angular of the package.
      withInterceptors([authInterceptor as unknown as HttpInterceptorFn]),
      ...(query.has('fetch') ? [] : [withXhr()]),
    ),
  ],
})
