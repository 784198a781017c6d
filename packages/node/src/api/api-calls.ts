import type { KeyObject } from 'node:crypto'
import type { AuthenticationResult } from './result.ts'

/** The key of a client for tokens that are bound to a key (RFC 9449). */
export interface DpopOptions {
  /**
   * The app's own private key, of the curve P-256 or Ed25519: PEM, or a `KeyObject`. Tokens in the cache belong to it: another key
   * gets new ones. Default: Carnet creates a key, and keeps it sealed in `cache.store`, so that all machines use the same key.
   */
  readonly key?: string | KeyObject | undefined
  /** The algorithm of the key that Carnet creates. Default: `ES256`, unless the provider offers only `Ed25519`. */
  readonly algorithm?: 'ES256' | 'Ed25519' | undefined
}

/** A request to an API. */
export interface ApiRequest {
  readonly method: string
  readonly url: string | URL
  /**
   * The answer of the API to an earlier attempt. Carnet takes the nonce that the API demands (RFC 9449 section 9), and the time of
   * its clock if it refused the proof.
   */
  readonly answer?: Pick<Response, 'status' | 'headers'> | undefined
}

/** The headers of a request to an API, by their names in lower case. */
export interface AuthorizationHeaders {
  readonly authorization: string
  /** The proof, for a token that is bound to a key. It serves for one request only. */
  readonly dpop?: string
}

/** Calls of APIs with the token of a result. */
export interface ApiCalls {
  /**
   * Creates the headers of a request to an API, for an HTTP client of the app. If the API answers 401 with `DPoP-Nonce`, call it
   * once more with `answer`, and repeat the request.
   *
   * @param result A result of this client: its token may be bound to a key.
   * @throws AuthError `invalid_request` if the client does not have the key of the token.
   */
  authorize(result: AuthenticationResult, request: ApiRequest): Promise<AuthorizationHeaders>
  /**
   * Sends a request to an API. It repeats the request with the nonce that the API demands, unless its body is a stream, which can
   * be sent only once. It follows no redirect. With one `tlsCertificate` as the credential, the request presents the certificate.
   *
   * @throws AuthError `invalid_request` if the client does not have the key of the token. Errors of `fetch` are thrown unchanged.
   */
  fetch(
    result: AuthenticationResult,
    input: string | URL | Request,
    init?: RequestInit,
  ): Promise<Response>
}
