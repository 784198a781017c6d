import { randomBytes } from 'node:crypto'
import type { SignInGrant } from './refresh-tokens.ts'

/** The data behind an authorization code. */
export interface Code {
  readonly grant: SignInGrant
  readonly redirectUri: string
  readonly codeChallenge: string
  readonly nonce: string | undefined
  /** The `claims` parameter of the authorization request. */
  readonly claims: string | null
}

export interface Codes {
  issue(code: Code): string
  /** Redeems a code. Returns `redeemed` if the code was redeemed before. */
  take(value: string): Code | 'redeemed' | undefined
  clear(): void
}

const CODE_LIFETIME_MS = 10 * 60_000

export function createCodes(): Codes {
  const codes = new Map<string, { code: Code; expiresAtMs: number; isRedeemed: boolean }>()
  return {
    issue(code) {
      const value = `1.${randomBytes(48).toString('base64url')}`
      codes.set(value, { code, expiresAtMs: Date.now() + CODE_LIFETIME_MS, isRedeemed: false })
      return value
    },
    take(value) {
      const entry = codes.get(value)
      if (!entry || entry.expiresAtMs <= Date.now()) return undefined
      if (entry.isRedeemed) return 'redeemed'
      entry.isRedeemed = true
      return entry.code
    },
    clear: () => codes.clear(),
  }
}
