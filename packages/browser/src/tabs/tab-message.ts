/** Said between tabs. Names what changed, never carries a token: the store is the one source. */
export type TabMessage =
  | {
      readonly type: 'tokensChanged'
      readonly clientId: string
      readonly account: string
      readonly token?: TokenNote | undefined
    }
  | {
      readonly type: 'accountsChanged'
      readonly clientId: string
      readonly account: string
      /** The account is gone because its user signed out. */
      readonly signedOut?: true | undefined
    }

/** What is told of a token: what it is for and until when, never the token. */
export interface TokenNote {
  readonly resource: string
  readonly scopes: readonly string[]
  readonly expiresAtMs: number
  readonly source: 'interaction' | 'renewal'
}

export function parseTabMessage(data: unknown): TabMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  const { type, clientId, account, token, signedOut } = data as Record<string, unknown>
  if (typeof clientId !== 'string' || typeof account !== 'string') return undefined
  if (type === 'accountsChanged')
    return { type, clientId, account, signedOut: signedOut === true || undefined }
  return type === 'tokensChanged'
    ? { type, clientId, account, token: parseTokenNote(token) }
    : undefined
}

function parseTokenNote(value: unknown): TokenNote | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { resource, scopes, expiresAtMs, source } = value as Record<string, unknown>
  const whole =
    typeof resource === 'string' &&
    Array.isArray(scopes) &&
    scopes.every((scope) => typeof scope === 'string') &&
    typeof expiresAtMs === 'number' &&
    Number.isFinite(expiresAtMs) &&
    (source === 'interaction' || source === 'renewal')
  return whole ? { resource, scopes, expiresAtMs, source } : undefined
}
