import type { IncomingMessage } from 'node:http'
import { decodeJwt } from 'jose'
import type { Endpoint } from '../model/endpoints.ts'
import type { State } from '../state/state.ts'

/** Prepares a request before oidc-provider sees it. */
export type Prepare = (endpoint: Endpoint, request: IncomingMessage, body: string) => void

/**
 * Applies the settings `dpop: 'off'` and `burnsRefreshTokens`. A server that burns refresh tokens uses up the token first,
 * and only then asks for a nonce. The refresh token is then lost, although the client made no mistake.
 */
export function createProofRules({
  nonces,
  settings,
  store,
}: Pick<State, 'nonces' | 'settings' | 'store'>): Prepare {
  return function prepare(endpoint, request, body) {
    const { burnsRefreshTokens, dpop } = settings.get()
    const isApi = endpoint === 'api' || endpoint === 'calendar' || endpoint === 'mail'
    if (dpop === 'off' && !isApi) delete request.headers.dpop
    if (!burnsRefreshTokens || endpoint !== 'token') return
    const nonce = nonceOf(request.headers.dpop)
    if (nonce !== undefined && nonces.authorizationServer.isValid(nonce)) return
    const token = new URLSearchParams(body).get('refresh_token')
    store.remove('RefreshToken', ({ jti }) => jti === token)
  }
}

function nonceOf(proof: string | string[] | undefined): string | undefined {
  try {
    const { nonce } = decodeJwt(String(proof))
    return typeof nonce === 'string' ? nonce : undefined
  } catch {
    return undefined
  }
}
