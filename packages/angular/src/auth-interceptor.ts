import {
  HttpContextToken,
  HttpErrorResponse,
  type HttpEvent,
  type HttpInterceptorFn,
} from '@angular/common/http'
import { inject } from '@angular/core'
import type { AuthClient, CallOptions } from '@carnet/browser'
import { catchError, defer, finalize, from, type Observable, switchMap } from 'rxjs'
import { AUTH, isServer } from './carnet.ts'

/** A request is repeated at most so often. */
const MOST_RETRIES = 3

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
  const { ready } = inject(AUTH)
  if (isServer() || request.method === 'JSONP' || request.headers.has('authorization'))
    return next(request)
  const options = request.context.get(CALL_OPTIONS)

  function attempt(client: AuthClient, plain: Request, retries: number): Attempt {
    return from(client.authorize(plain, options)).pipe(
      switchMap((authorized) => {
        // The client returns the request itself if its URL gets no token.
        if (authorized === plain) return next(request)
        const sending = next(request.clone({ setHeaders: Object.fromEntries(authorized.headers) }))
        return sending.pipe(
          catchError((error: unknown) => {
            if (!(error instanceof HttpErrorResponse && error.status >= 400 && retries)) throw error
            return from(client.remedy(authorized, responseOf(error), options)).pipe(
              switchMap((remedy) => {
                if (remedy === 'none') throw error
                return attempt(client, plain, retries - 1)
              }),
            )
          }),
        )
      }),
    )
  }

  // An earlier interceptor may subscribe again.
  return defer(() => {
    const ended = new AbortController()
    const url = new URL(request.urlWithParams, document.baseURI)
    const plain = new Request(url, { method: request.method, signal: ended.signal })
    return from(ready).pipe(
      switchMap((client) => attempt(client, plain, MOST_RETRIES)),
      finalize(() => ended.abort()),
    )
  })
}

type Attempt = Observable<HttpEvent<unknown>>

const responseOf = ({ status, headers }: HttpErrorResponse) =>
  new Response(null, {
    status,
    headers: headers.keys().map((name) => [name, String(headers.getAll(name))]),
  })
