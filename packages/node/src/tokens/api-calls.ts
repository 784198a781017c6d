import { AuthError } from '@carnet/core'
import type { ApiCalls, ApiRequest, AuthorizationHeaders } from '../api/api-calls.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { Runtime } from '../context/runtime.ts'
import { jktOf } from './result.ts'

/** The parts of a call that can be sent more than once. */
export interface ProvenCall {
  readonly method: string
  readonly url: string
  /** Sends the request once. */
  readonly send: (headers: AuthorizationHeaders) => Promise<Response>
  /** True if the request can be sent again. */
  readonly canRepeat: boolean
}

/** An API may ask for a nonce, and again if a slow network let the nonce end. */
const MOST_REPEATS = 2

/** Creates the calls of APIs of one client. */
export function createApiCalls({ dpop, config }: Pick<Runtime, 'dpop' | 'config'>) {
  async function authorize(
    result: AuthenticationResult,
    request: ApiRequest,
  ): Promise<AuthorizationHeaders> {
    checkCall(result, request)
    const { accessToken, tokenType } = result
    const authorization = `${tokenType} ${accessToken}`
    if (tokenType !== 'DPoP') return { authorization }
    const jkt = jktOf(result) ?? dpop?.given
    if (!dpop || jkt === undefined)
      throw new AuthError(
        'invalid_request',
        'The token is bound to a key: pass the result itself, of a client with the option `dpop`.',
      )
    return { authorization, dpop: await dpop.proofFor(jkt, accessToken, request) }
  }

  /** Sends a request, and again with another proof if the API asks for one. */
  async function sendProven(
    result: AuthenticationResult,
    { method, url, send, canRepeat }: ProvenCall,
  ): Promise<Response> {
    let answer: Response | undefined
    for (let repeat = 0; ; repeat += 1) {
      const earlier = answer
      answer = await send(await authorize(result, { method, url, answer: earlier }))
      if (result.tokenType !== 'DPoP') return answer
      dpop?.take(url, answer.headers)
      const mayRepeat = canRepeat && repeat < MOST_REPEATS
      if (!mayRepeat || !wantsOtherProof(answer)) return answer
      await answer.body?.cancel()
    }
  }

  const credentials = config.credentials.flatMap(({ tls }) => tls ?? [])
  const ownFetch = config.credentials.length === 1 ? credentials[0]?.fetch : undefined
  /** Presents the certificate that the tokens are bound to, if there is one. */
  const send: typeof fetch = (input, init) => (ownFetch ?? globalThis.fetch)(input, init)

  const calls: ApiCalls = {
    authorize,
    async fetch(result, input, init) {
      const request = new Request(input, init)
      const canRepeat = !(init?.body instanceof ReadableStream) && !isStreamOf(input, init)
      // A body in memory is read once, so that it can be sent again.
      const body = canRepeat && request.body ? await request.arrayBuffer() : request.body
      return sendProven(result, {
        method: request.method,
        url: request.url,
        canRepeat,
        send(own) {
          const headers = new Headers(request.headers)
          for (const [name, value] of Object.entries(own)) headers.set(name, value)
          const { method, signal } = request
          const duplex = body instanceof ReadableStream ? { duplex: 'half' } : {}
          const sent = { method, headers, body, signal, redirect: 'manual', ...duplex }
          return send(request.url, sent as RequestInit)
        },
      })
    },
  }
  return { calls, sendProven, send }
}

const isStreamOf = (input: unknown, init: RequestInit | undefined): boolean =>
  init?.body == null && input instanceof Request && input.body !== null

/** True for the errors of RFC 9449 sections 7.1 and 9. */
const wantsOtherProof = ({ status, headers }: Response): boolean =>
  status === 401 &&
  /"?(use_dpop_nonce|invalid_dpop_proof)\b/.test(headers.get('www-authenticate') ?? '')

function checkCall(result: AuthenticationResult, request: ApiRequest): void {
  if (typeof result?.accessToken !== 'string')
    throw new AuthError('invalid_request', '`result` must be a result of this client.')
  if (!URL.canParse(String(request?.url)) || typeof request.method !== 'string')
    throw new AuthError('invalid_request', 'The request needs a `method` and an absolute `url`.')
}
