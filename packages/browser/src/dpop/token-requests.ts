import { AuthError } from '@carnet/core'
import { asksForNonce, createBoundHttp, type ProofKey, signProof } from '@carnet/core/dpop'
import type { Http } from '@carnet/core/network'
import type { Clocks } from './clocks.ts'
import type { Nonces } from './nonces.ts'

/** The parts of token requests with proofs. */
export interface TokenRequestDeps {
  readonly clientId: string
  readonly nonces: Nonces
  readonly clocks: Clocks
  /** For requests without refresh tokens. */
  readonly http: Http
  /** For token requests. */
  readonly tokenHttp: Http
  readonly trueTimeMs: () => Promise<number | undefined>
}

/**
 * Returns an `Http` for token requests that proves a key.
 *
 * Some servers use up a refresh token before they refuse the nonce, so no refresh token is sent with a doubtful nonce. A server
 * that refuses the nonce would cost a second request anyway.
 */
export function createTokenRequests(deps: TokenRequestDeps): (key: ProofKey) => Http {
  const { clientId, nonces, clocks, http, tokenHttp } = deps

  const prove = (key: ProofKey, method: string, url: string, nonce: string | undefined) =>
    signProof(key, { method, url, nonce, nowMs: clocks.nowAt(url) })

  /** Sends a proof with the doubtful nonce to the token endpoint, in a request that redeems nothing. */
  async function refreshNonce(key: ProofKey, url: string): Promise<void> {
    const ageMs = nonces.ageMs(url)
    const form = { grant_type: 'refresh_token', refresh_token: 'nonce', client_id: clientId }
    const answer = await http(url, {
      method: 'POST',
      headers: { DPoP: await prove(key, 'POST', url, nonces.current(url)) },
      body: new URLSearchParams(form),
      redirect: 'manual',
    })
    nonces.learn(url, ageMs, !asksForNonce(answer))
    nonces.take(url, answer.headers)
  }

  /** Corrects the clock after a refused proof. Returns true if another proof may be accepted. */
  async function correctClock(url: string, headers: Headers): Promise<boolean> {
    if (clocks.set(url, Date.parse(headers.get('date') ?? ''))) return true
    const trueMs = await deps.trueTimeMs().catch(() => undefined)
    return trueMs !== undefined && clocks.set(url, trueMs)
  }

  return function boundTo(key) {
    const bound = createBoundHttp(tokenHttp, {
      prove: (method, url, nonce) => prove(key, method, url, nonce),
      nonces,
      pause: () => new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 100)),
      unreadable: (url) =>
        new AuthError(
          'dpop_nonce_unreadable',
          `${new URL(url).origin} asks for a nonce that scripts cannot read.`,
        ),
    })
    return async (url, init) => {
      const isRefresh = init.body instanceof URLSearchParams && init.body.has('refresh_token')
      if (isRefresh && nonces.isDoubtful(url)) await refreshNonce(key, url)
      const answer = await bound(url, init)
      if (!refusesProof(answer) || !(await correctClock(url, answer.headers))) return answer
      return bound(url, init)
    }
  }
}

const refusesProof = ({ status, body }: { status: number; body: string }): boolean =>
  (status === 400 || status === 401) && body.includes('"invalid_dpop_proof"')
