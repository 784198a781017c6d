import { AuthError, InteractionRequiredError } from '@carnet/core/base'
import type { AuthenticationResult } from '../api/result.ts'
import type { Dpop } from '../dpop/dpop.ts'
import type { Parts } from '../engine/open-parts.ts'
import type { Call } from './call.ts'
import type { CallDeps } from './tokens.ts'

/** A slow network may let a nonce end before it arrives, so a call asks for two. */
const MOST_NONCES = 2

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

  return {
    async headers({ url, method, match, done }: Call, token: AuthenticationResult) {
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
    },

    /** Takes the nonce of an answer, also of an error. */
    async take(url: string, response: Response): Promise<Response> {
      const { takeNonce } = await signer()
      takeNonce(url, response.headers)
      return response
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
