import { HttpContextToken, HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http'
import type { CallOptions } from '@carnet/browser'
import { defer, finalize, retry, switchAll } from 'rxjs'
import { injectAuth, isServer } from './carnet.ts'

/**
 * The options of one request: `http.get(url, { context: new HttpContext().set(CALL_OPTIONS, { account }) })`. `replay` and
 * `resumable` have no effect here.
 */
export const CALL_OPTIONS = new HttpContextToken<CallOptions>(() => ({}))

/**
 * Attaches tokens to the requests of `HttpClient`, and answers the challenges of APIs:
 * `provideHttpClient(withInterceptors([authInterceptor]))`. The map `resources` of the client says which URLs get a token. Angular
 * sends the request itself, so progress events come. A request with a header `Authorization` of the app stays as it is. Requests wait
 * until the client is ready. On a server they get no token.
 *
 * A request fails with `InteractionRequiredError` if the user is needed, or with another `AuthError`.
 */
export const authInterceptor: HttpInterceptorFn = (request, next) => {
  const { ready } = injectAuth()
  if (isServer() || request.method === 'JSONP' || request.headers.has('authorization'))
    return next(request)
  const options = request.context.get(CALL_OPTIONS)

  // An earlier interceptor may subscribe again.
  return defer(() => {
    const ended = new AbortController()
    const url = new URL(request.urlWithParams, document.baseURI)
    // No `Request` has a user or a password in its URL, and such a URL gets no token.
    if (url.username || url.password) return next(request)
    const plain = new Request(url, { method: request.method, signal: ended.signal })
    let authorized = plain

    async function send() {
      authorized = await (await ready).authorize(plain, options)
      return next(request.clone({ setHeaders: Object.fromEntries(authorized.headers) }))
    }

    /** The request is repeated if this function resolves. */
    async function answer(error: unknown) {
      const isRefused = error instanceof HttpErrorResponse && [401, 403].includes(error.status)
      // The client returns the request itself if its URL gets no token.
      if (authorized === plain || !isRefused) throw error
      const remedy = await (await ready).remedy(authorized, responseOf(error), options)
      if (remedy === 'none') throw error
    }

    return defer(send).pipe(
      switchAll(),
      // A request is repeated three times at most.
      retry({ count: 3, delay: answer }),
      finalize(() => ended.abort()),
    )
  })
}

function responseOf({ status, headers }: HttpErrorResponse): Response {
  const fields = headers.keys().map((name): [string, string] => [name, `${headers.getAll(name)}`])
  return new Response(null, { status, headers: fields })
}
