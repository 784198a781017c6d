import { randomBytes } from 'node:crypto'

/** The result of one sign-in. Its code and its refresh tokens share it. */
export interface SignInGrant {
  readonly username: string
  /** The tenant of the sign-in. Later requests to `common` use it too. */
  readonly tenantId: string
  readonly clientId: string
  readonly sid: string
  readonly signedInAtMs: number
  readonly factors: ReadonlySet<string>
  /** The `scope` parameter of the authorization request. */
  readonly scope: string
  /** The policy of Azure AD B2C of the sign-in. */
  readonly policy?: string | undefined
  /** Set for the grant of an assertion (on-behalf-of): its id. */
  readonly assertion?: string | undefined
}

type Fate = 'valid' | 'used' | 'revoked'

export interface RefreshToken {
  readonly grant: SignInGrant
  readonly fate: Fate
  /** When the token was rotated, in milliseconds since the epoch. */
  readonly usedAtMs?: number | undefined
}

export interface RefreshTokens {
  issue(grant: SignInGrant): string
  find(token: string): RefreshToken | undefined
  /** Marks a token as rotated. The settings decide whether it still works. */
  use(token: string): void
  /** Revokes every token of the grant of a token. */
  end(token: string): void
  /** Revokes the tokens of one user, or of all users. @returns The number of revoked tokens. */
  revoke(username?: string): number
  clear(): void
}

/** The refresh tokens of all users. Invalid tokens are kept, because the error of Entra names the reason. */
export function createRefreshTokens(): RefreshTokens {
  const tokens = new Map<string, RefreshToken>()
  const isOf = (username: string | undefined, { grant }: RefreshToken) =>
    username === undefined || grant.username === username

  return {
    issue(grant) {
      const token = `1.${randomBytes(48).toString('base64url')}`
      tokens.set(token, { grant, fate: 'valid' })
      return token
    },
    find: (token) => tokens.get(token),
    use(token) {
      const found = tokens.get(token)
      if (found?.fate === 'valid')
        tokens.set(token, { ...found, fate: 'used', usedAtMs: Date.now() })
    },
    end(token) {
      const grant = tokens.get(token)?.grant
      for (const [value, other] of tokens)
        if (other.grant === grant) tokens.set(value, { ...other, fate: 'revoked' })
    },
    revoke(username) {
      const alive = [...tokens].filter(
        ([, token]) => token.fate !== 'revoked' && isOf(username, token),
      )
      for (const [value, token] of alive) tokens.set(value, { ...token, fate: 'revoked' })
      return alive.filter(([, { fate }]) => fate === 'valid').length
    },
    clear: () => tokens.clear(),
  }
}
