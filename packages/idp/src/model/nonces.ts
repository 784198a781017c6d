import { randomBytes } from 'node:crypto'
import type { Settings } from './settings.ts'

/** `off`: no nonces. `required`: a nonce works until it expires. `once`: a nonce also works only once. */
export type NonceMode = 'off' | 'required' | 'once'

/** The nonces of one server (RFC 9449 §8). oidc-provider calls its own nonces by the same two methods. */
export interface Nonces {
  nextChallenge(): string
  /** True if the nonce is valid. It is not used up. */
  isValid(nonce: string): boolean
  /** True if the nonce is valid. With `once`, the nonce is used up then. */
  checkChallenge(nonce: string): boolean
}

/** @param settings Read at each call: the nonces of the server, and `nonceLifetime`. */
export function createNonces(
  settings: () => { mode: NonceMode } & Pick<Settings, 'nonceLifetime'>,
): Nonces {
  const expiries = new Map<string, number>()
  const isValid = (nonce: string) => (expiries.get(nonce) ?? 0) > Date.now()

  return {
    nextChallenge() {
      const nowMs = Date.now()
      for (const [nonce, expiresAtMs] of expiries) if (expiresAtMs <= nowMs) expiries.delete(nonce)
      const nonce = randomBytes(16).toString('base64url')
      expiries.set(nonce, nowMs + settings().nonceLifetime * 1000)
      return nonce
    },
    isValid,
    checkChallenge(nonce) {
      const wasValid = isValid(nonce)
      if (settings().mode === 'once') expiries.delete(nonce)
      return wasValid
    },
  }
}
