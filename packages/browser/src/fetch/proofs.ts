import { AuthError, InteractionRequiredError } from '@carnet/core/base'
import type { AuthenticationResult } from '../api/result.ts'
import type { Dpop } from '../dpop/dpop.ts'
import type { Parts } from '../engine/open-parts.ts'
import type { Call } from './call.ts'
import type { Outgoing } from './outgoing.ts'
import type { CallDeps } from './tokens.ts'

/** A busy browser or network may let a nonce end before it arrives, so a call asks for several. */
const MOST_NONCES = 5

/** A call waits so long before its second nonce, in milliseconds, and at most twice as long. */
const PAUSE_MS = 50

const passed = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Creates the headers for tokens that are bound to a key (RFC 9449 section 7). */
export function createProofs({ loader }: Pick<CallDeps, 'loader'>) {
  const counts = new WeakMap<Call['done'], number>()
  /** The nonce of the last answer to a call: no parallel call has used it, so it is good even if it works once. */
  const own = new WeakMap<Call['done'], string>()

  async function signer(): Promise<Dpop> {
    const { context } = (await loader.start()).parts as Parts
    const dpop = await context.dpop?.get()
    if (dpop) return dpop
    throw new AuthError(
      'dpop_refused',
      'The token is bound to a key, but the option `dpop` is off.',
    )
  }

  async function headersFor(
    { url, method, match, done }: Call,
    token: AuthenticationResult,
  ): Promise<Readonly<Record<string, string>>> {
    const nonce = own.get(done)
    own.delete(done)
    const headers = await (await signer()).authorize(token, { method, url, nonce })
    if (headers !== 'lost') return headers
    const { account } = token
    throw new InteractionRequiredError(
      'key_lost',
      'The browser no longer has the key of the token.',
      { scopes: match.scopes, resource: match.resource, account },
    )
  }

  /** Takes the nonce of an answer, also of an error. After a redirect, another origin may have sent it. */
  async function take(url: string, response: Response): Promise<Response> {
    const { takeNonce } = await signer()
    takeNonce(response.url || url, response.headers)
    return response
  }

  return {
    take,
    headers: headersFor,

    /**
     * Sends a request with a bound token. A redirect within the API makes the proof wrong, because it names the first URL. So a
     * GET or HEAD request goes once to the last URL directly.
     *
     * @param isCovered True if the URL belongs to the same key of the map.
     */
    async send(
      outgoing: Outgoing,
      call: Call,
      token: AuthenticationResult,
      isCovered: (url: string) => boolean,
    ): Promise<Response> {
      const response = await take(call.url, await outgoing.send(await headersFor(call, token)))
      const { status, redirected, url } = response
      const isStale = status === 401 && redirected && /^(GET|HEAD)$/i.test(call.method)
      if (!isStale || !isCovered(url)) return response
      response.body?.cancel().catch(() => undefined)
      return take(url, await outgoing.send(await headersFor({ ...call, url }, token), url))
    },

    /** Decides whether another proof may be accepted. @throws AuthError `dpop_nonce_unreadable`, `dpop_refused` */
    async answer(
      kind: 'dpop_nonce' | 'dpop_proof',
      { url, done }: Pick<Call, 'url' | 'done'>,
      { headers }: Response,
    ): Promise<'retry' | 'none'> {
      const { origin } = new URL(url)
      if (kind === 'dpop_proof') {
        if (!done.has(kind) && (await (await signer()).takeClock(url, headers))) return 'retry'
        throw new AuthError('dpop_refused', `${origin} refused the proof of possession.`)
      }
      const nonce = headers.get('dpop-nonce')
      if (nonce === null)
        throw new AuthError('dpop_nonce_unreadable', `The nonce of ${origin} cannot be read.`)
      own.set(done, nonce)
      const count = (counts.get(done) ?? 0) + 1
      counts.set(done, count)
      if (count > MOST_NONCES) return 'none'
      if (count > 1) await passed(PAUSE_MS * (1 + 2 * Math.random()))
      return 'retry'
    },
  }
}

export type Proofs = ReturnType<typeof createProofs>
