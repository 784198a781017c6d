import { parseJsonObject } from '../encoding/json.ts'
import type { AddCredential } from '../protocol/client-authentication.ts'
import type { Http, HttpAnswer, HttpInit } from '../protocol/http.ts'

/** The parts that a bound request needs. */
export interface BoundHttpDeps {
  /** Signs a proof for a request to the authorization server. */
  readonly prove: (method: string, url: string, nonce: string | undefined) => Promise<string>
  readonly nonces: {
    /** The newest nonce for the origin of `url`. */
    current(url: string): string | undefined
    /** Takes the nonce of an answer. */
    take(url: string, headers: Headers): void
  }
  /** Waits before the second retry: the server may be busy, or its nonces end at once. */
  readonly pause: () => Promise<void>
  /** Called if the server asks for a nonce that scripts cannot read. */
  readonly unreadable: (url: string) => Error
  readonly credentialOf?: CredentialOf | undefined
}

/** Finds the function that adds a credential to a request with a body, for confidential clients. */
export type CredentialOf = (body: unknown) => AddCredential | undefined

/** RFC 9449 section 8: the server may ask for a nonce, and again if a slow network let the nonce end. */
const MOST_RETRIES = 2

/**
 * Adds a proof to every request, and sends it again with the nonce that the server asks for. No caller sees the first answer:
 * it refuses the proof, not the request.
 */
export function createBoundHttp(
  http: Http,
  { prove, nonces, pause, unreadable, credentialOf }: BoundHttpDeps,
): Http {
  return async function boundHttp(url, init) {
    const { method = 'POST' } = init
    let request = init
    /** The nonce of the last answer to this request: no parallel request has used it, so it is good even if it works once. */
    let own: string | undefined
    for (let retry = 0; ; retry++) {
      const nonce = own ?? nonces.current(url)
      const headers = new Headers(request.headers)
      headers.set('DPoP', await prove(method, url, nonce))
      const answer = await http(url, { ...request, headers })
      nonces.take(url, answer.headers)
      if (!asksForNonce(answer) || retry === MOST_RETRIES) return answer
      own = answer.headers.get('DPoP-Nonce') ?? undefined
      if (own === undefined || own === nonce) throw unreadable(url)
      if (retry > 0) await pause()
      request = await withFreshCredential(request, credentialOf)
    }
  }
}

/** A request with a fresh credential: a server accepts an assertion only once (RFC 7523 section 3, `jti`). */
export async function withFreshCredential(
  init: HttpInit,
  credentialOf: CredentialOf | undefined,
): Promise<HttpInit> {
  const { body } = init
  const add = credentialOf?.(body)
  if (!add || !(body instanceof URLSearchParams)) return init
  const headers = new Headers(init.headers)
  await add(body, headers)
  return { ...init, headers }
}

/** True for the answer of a token endpoint that needs a nonce (RFC 9449 section 8). */
export const asksForNonce = ({ status, body }: Pick<HttpAnswer, 'status' | 'body'>): boolean =>
  (status === 400 || status === 401) && parseJsonObject(body)?.error === 'use_dpop_nonce'
