import type { AuthenticationResult } from '../api/result.ts'
import type { Call } from './call.ts'
import type { CallDeps } from './tokens.ts'

/** Proofs of possession for requests to APIs (RFC 9449 section 7). A part of the engine. */
export interface ApiProofs {
  /**
   * Signs a proof.
   *
   * @returns The `DPoP` header.
   */
  prove(request: {
    readonly method: string
    readonly url: string
    readonly accessToken: string
  }): Promise<string>
  /** Takes nonce and time of an answer. */
  take(url: string, headers: Headers): void
}

/** Creates the headers for tokens that are bound to a key. */
export function createProofs({ loader }: Pick<CallDeps, 'loader'>) {
  const signer = async (): Promise<ApiProofs> => {
    const { apiProofs } = (await loader.start()).parts as { apiProofs?: ApiProofs }
    if (!apiProofs) throw new TypeError('The engine has no keys for the token.')
    return apiProofs
  }

  return {
    isNeeded: ({ tokenType }: AuthenticationResult) => tokenType.toLowerCase() === 'dpop',
    async headers({ url, method }: Pick<Call, 'url' | 'method'>, token: AuthenticationResult) {
      const { accessToken } = token
      const proof = await (await signer()).prove({ method, url, accessToken })
      return { authorization: `DPoP ${accessToken}`, dpop: proof }
    },
    async take(url: string, response: Response): Promise<Response> {
      const { take } = await signer()
      take(url, response.headers)
      return response
    },
  }
}
