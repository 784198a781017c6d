import type { ImportedAccessToken, ImportedRefreshToken } from '../../api/imported-session.ts'
import type { SkippedEntry } from '../../api/migration.ts'
import { SHORTEST_REST_MS, scopesOf } from '../found.ts'
import type { Credential, Entry } from './entities.ts'

type Credentials = readonly Entry<Credential>[]

/** The access tokens of a user in the tenant of the ID token. A token without an own tenant belongs to every tenant. */
export function accessTokensOf(
  { realm = '' }: Credential,
  credentials: Credentials,
  nowMs: number,
  skipped: SkippedEntry[],
): ImportedAccessToken[] {
  const tokens: ImportedAccessToken[] = []
  for (const { key, value } of newestFirst(credentials)) {
    const isToken = value.credentialType.startsWith('AccessToken')
    // At a provider without tenants, the library writes a part of the path of the authority here.
    if (!isToken || (realm !== '' && value.realm !== realm)) continue
    const reason = reasonAgainst(value, nowMs)
    if (reason) skipped.push({ key, reason })
    else
      tokens.push({
        token: value.secret,
        scopes: scopesOf(value.target),
        expiresAtMs: secondsOf(value.expiresOn) * 1000,
      })
  }
  return tokens
}

function reasonAgainst(value: Credential, nowMs: number): SkippedEntry['reason'] | undefined {
  const { credentialType, tokenType = 'Bearer', requestedClaims, requestedClaimsHash } = value
  if (credentialType !== 'AccessToken' || tokenType.toLowerCase() !== 'bearer') return 'bound'
  if (requestedClaims || requestedClaimsHash) return 'claims_answer'
  const expiresAtMs = secondsOf(value.expiresOn) * 1000
  return expiresAtMs - nowMs < SHORTEST_REST_MS ? 'expired' : undefined
}

/** The newest refresh token of a user. Its scopes are those of all access tokens, because its entry names none. */
export function refreshTokenOf(
  credentials: Credentials,
  nowMs: number,
  skipped: SkippedEntry[],
): ImportedRefreshToken | undefined {
  const [newest] = newestFirst(credentials).filter(
    ({ value }) => value.credentialType === 'RefreshToken',
  )
  if (!newest) return undefined
  const { key, value } = newest
  const expiresAtMs = expiryOf(value)
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) {
    skipped.push({ key, reason: 'expired' })
    return undefined
  }
  const granted = credentials.flatMap(({ value }) => scopesOf(value.target))
  const scopes = [...new Set(['openid', 'profile', 'offline_access', ...granted])]
  return { token: value.secret, scopes, expiresAtMs }
}

/** The expiry of a refresh token. Versions 3 and 4 sometimes write a lifetime instead: then it is unknown. */
function expiryOf({ expiresOn, lastUpdatedAt }: Credential): number | undefined {
  const atMs = secondsOf(expiresOn) * 1000
  return atMs > (secondsOf(lastUpdatedAt) || EARLIEST_MS) ? atMs : undefined
}

/** Earlier than every entry: September 2001. */
const EARLIEST_MS = 1e12

/** A number in a text; 0 if there is none. */
const secondsOf = (value: string | number | undefined): number => Number(value ?? 0) || 0

const newestFirst = (credentials: Credentials): Credentials =>
  [...credentials].sort(
    (one, other) =>
      secondsOf(other.value.lastUpdatedAt) - secondsOf(one.value.lastUpdatedAt) ||
      other.schema - one.schema,
  )
