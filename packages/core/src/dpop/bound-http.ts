import { parseJsonObject } from '../encoding/json.ts'
import type { Http, HttpAnswer } from '../protocol/http.ts'

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
  /** Waits before the second retry, because parallel requests may have used up a nonce that works once. */
  readonly pause: () => Promise<void>
  /** Called if the server asks for a nonce that scripts cannot read. */
  readonly unreadable: (url: string) => Error
}

/** RFC 9449 section 8: the server may ask for a nonce, and for a newer nonce than the nonce that other requests used up. */
const MOST_RETRIES = 2

/**
 * Adds a proof to every request, and sends it again with the nonce that the server asks for. No caller sees the first answer:
 * it refuses the proof, not the request.
 */
export function createBoundHttp(
  http: Http,
  { prove, nonces, pause, unreadable }: BoundHttpDeps,
): Http {
  return async function boundHttp(url, init) {
    const { method = 'POST' } = init
    for (let retry = 0; ; retry++) {
      const nonce = nonces.current(url)
      const headers = new Headers(init.headers)
      headers.set('DPoP', await prove(method, url, nonce))
      const answer = await http(url, { ...init, headers })
      nonces.take(url, answer.headers)
      if (!asksForNonce(answer) || retry === MOST_RETRIES) return answer
      const next = nonces.current(url)
      if (next === undefined || next === nonce) throw unreadable(url)
      if (retry > 0) await pause()
    }
  }
}

/** True for the answer of a token endpoint that needs a nonce (RFC 9449 section 8). */
export const asksForNonce = ({ status, body }: Pick<HttpAnswer, 'status' | 'body'>): boolean =>
  (status === 400 || status === 401) && parseJsonObject(body)?.error === 'use_dpop_nonce'
