import type { Http } from '../protocol/http.ts'
import {
  asksForNonce,
  type CredentialOf,
  createBoundHttp,
  withFreshCredential,
} from './bound-http.ts'
import type { Clocks } from './clocks.ts'
import type { NonceNotes } from './nonce-notes.ts'
import { type ProofKey, signProof } from './proof.ts'

/** The parts of token requests with proofs. */
export interface TokenRequestDeps {
  readonly clientId: string
  readonly nonces: NonceNotes
  readonly clocks: Clocks
  /** For requests without refresh tokens. */
  readonly http: Http
  /** For token requests. */
  readonly tokenHttp: Http
  /** The time by a clock of another machine, if there is one. */
  readonly trueTimeMs: () => Promise<number | undefined>
  /** Called if the server asks for a nonce that scripts cannot read. */
  readonly unreadable: (url: string) => Error
  /** Default: the client is public. */
  readonly credentialOf?: CredentialOf | undefined
}

/**
 * Returns an `Http` for token requests that proves a key.
 *
 * Some servers use up a refresh token before they refuse the nonce, so no refresh token is sent with a doubtful nonce. A server
 * that refuses the nonce would cost a second request anyway.
 */
export function createTokenRequests(deps: TokenRequestDeps): (key: ProofKey) => Http {
  const { clientId, nonces, clocks, http, tokenHttp, unreadable, credentialOf } = deps

  const prove = (key: ProofKey, method: string, url: string, nonce: string | undefined) =>
    signProof(key, { method, url, nonce, nowMs: clocks.nowAt(url) })

  /** Sends a proof with the doubtful nonce to the token endpoint, in a request that redeems nothing. */
  async function refreshNonce(key: ProofKey, url: string, like: unknown): Promise<void> {
    const ageMs = nonces.ageMs(url)
    const form = { grant_type: 'refresh_token', refresh_token: 'nonce', client_id: clientId }
    const body = new URLSearchParams(form)
    const headers = new Headers({ DPoP: await prove(key, 'POST', url, nonces.current(url)) })
    // A server authenticates the client before it looks at the nonce.
    await credentialOf?.(like)?.(body, headers)
    const answer = await http(url, { method: 'POST', headers, body, redirect: 'manual' })
    nonces.learn(url, ageMs, !asksForNonce(answer))
    nonces.take(url, answer.headers)
  }

  return function boundTo(key) {
    const bound = createBoundHttp(tokenHttp, {
      prove: (method, url, nonce) => prove(key, method, url, nonce),
      nonces,
      pause: () => new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100)),
      unreadable,
      credentialOf,
    })
    return async (url, given) => {
      const init = { ...given, jkt: key.jkt }
      const isRefresh = init.body instanceof URLSearchParams && init.body.has('refresh_token')
      if (isRefresh && nonces.isDoubtful(url)) await refreshNonce(key, url, init.body)
      const answer = await bound(url, init)
      if (!refusesProof(answer)) return answer
      await correctClock(clocks, url, answer.headers, deps.trueTimeMs)
      // Another proof has another `jti` too: the request may have been sent before, by a context that has ended.
      return bound(url, await withFreshCredential(init, credentialOf))
    }
  }
}

const refusesProof = ({ status, body }: { status: number; body: string }): boolean =>
  (status === 400 || status === 401) && body.includes('"invalid_dpop_proof"')

/**
 * Corrects the clock of a server after a refused proof: by the `Date` header of its answer where it can be read, else by
 * another machine.
 *
 * @returns True if the clock changed: then another proof may be accepted.
 */
export async function correctClock(
  clocks: Clocks,
  url: string,
  headers: Headers,
  trueTimeMs: () => Promise<number | undefined>,
): Promise<boolean> {
  if (clocks.set(url, Date.parse(headers.get('date') ?? ''))) return true
  const trueMs = await trueTimeMs().catch(() => undefined)
  return trueMs !== undefined && clocks.set(url, trueMs)
}
