import { randomBytes } from 'node:crypto'

/** What came of one sign-in: all that codes and refresh tokens stand for. */
export interface SignInGrant {
  readonly username: string
  /** The tenant that was signed in to, which `common` goes on to mean. */
  readonly tenantId: string
  readonly clientId: string
  readonly sid: string
  readonly signedInAtMs: number
  readonly factors: ReadonlySet<string>
  /** The `scope` parameter of the authorization request. */
  readonly scope: string
  /** The policy of Azure AD B2C that was signed in by. */
  readonly policy?: string | undefined
}

/** Why a refresh token is not accepted. */
type Fate = 'valid' | 'used' | 'revoked'

export interface RefreshToken {
  readonly grant: SignInGrant
  readonly fate: Fate
}

export interface RefreshTokens {
  issue(grant: SignInGrant): string
  find(token: string): RefreshToken | undefined
  /** Marks a token as rotated: whether it still works is for the settings to say. */
  use(token: string): void
  /** Revokes the tokens of one user, or all. @returns How many. */
  revoke(username?: string): number
  clear(): void
}

/** The refresh tokens of all users. Dead ones are kept, because Entra can tell why they are dead. */
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
      if (found?.fate === 'valid') tokens.set(token, { ...found, fate: 'used' })
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
