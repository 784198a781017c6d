/** Reads the session of `oidc-client-ts` 2 and 3. Loads only if there are entries of the client. */
import { unverifiedClaims } from '@carnet/core/network'
import { optional, shape, text } from '@carnet/core/records'
import type { ImportedSession } from '../../api/imported-session.ts'
import type { SkippedEntry } from '../../api/migration.ts'
import { type Found, type FoundSession, parseEntry, SHORTEST_REST_MS, scopesOf } from '../found.ts'
import { keysOf, type Place } from '../places.ts'

/** The stored `User`. */
interface StoredUser {
  readonly id_token?: string | undefined
  readonly access_token?: string | undefined
  readonly refresh_token?: string | undefined
  readonly token_type?: string | undefined
  readonly scope?: string | undefined
  readonly session_state?: string | null | undefined
  readonly profile?: unknown
  /** Seconds since the epoch. */
  readonly expires_at?: number | undefined
}

const userOf = shape<StoredUser, 'profile'>({
  id_token: optional(text),
  access_token: optional(text),
  refresh_token: optional(text),
  token_type: optional(text),
  scope: optional(text),
  session_state: (value) => value === null || optional(text)(value),
  expires_at: optional((value) => typeof value === 'number'),
})

export interface OidcSurroundings {
  readonly places: readonly Place[]
  readonly clientId: string
  /** The spellings of the authority in the entries. */
  readonly authorities: readonly string[]
  /** The keys of the users. */
  readonly users: readonly string[]
  readonly prefix: string
  readonly nowMs: number
}

/** Finds the session of a client at one provider, and the sign-ins under way. */
export function findOidcSessions(surroundings: OidcSurroundings): Found {
  const { places, users, nowMs } = surroundings
  const skipped: SkippedEntry[] = []
  const sessions: FoundSession[] = []
  const broken: { place: Place; key: string }[] = []
  for (const place of places)
    for (const key of users) {
      const entry = place.getItem(key)
      if (entry === null) continue
      const user = userOf(parseEntry(entry))
      const found = user ? sessionOf(user, { place, key, nowMs, skipped }) : 'unreadable'
      if (typeof found === 'object') sessions.push(found)
      else {
        skipped.push({ key, reason: found })
        if (found === 'unreadable') broken.push({ place, key })
      }
    }
  return {
    sessions: sessions.sort((one, other) => issuedAt(other) - issuedAt(one)),
    skipped,
    removeRest() {
      for (const { place, key } of broken) place.removeItem(key)
      removePending(surroundings)
    },
  }
}

const issuedAt = ({ claims: { iat } }: FoundSession): number => (typeof iat === 'number' ? iat : 0)

interface At {
  readonly place: Place
  readonly key: string
  readonly nowMs: number
  readonly skipped: SkippedEntry[]
}

/** The session of a user, or the reason why there is none. */
function sessionOf(
  user: StoredUser,
  { place, key, nowMs, skipped }: At,
): FoundSession | SkippedEntry['reason'] {
  const { id_token: idToken, token_type: type = 'Bearer', profile, scope } = user
  // The key of DPoP is in another database, and no script can take it out.
  if (type.toLowerCase() !== 'bearer') return 'bound'
  if (idToken === undefined) return 'no_id_token'
  const claims = unverifiedClaims(idToken)
  if (typeof claims.sub !== 'string') return 'unreadable'
  const accessTokens = accessTokensOf(user, nowMs)
  if (user.access_token !== undefined && accessTokens.length === 0)
    skipped.push({ key, reason: 'expired' })
  const token = user.refresh_token
  const session: ImportedSession = {
    idToken,
    accessTokens,
    refreshToken: token === undefined ? undefined : { token, scopes: grantOf(scope) },
  }
  return {
    key,
    session,
    claims,
    wasActive: true,
    user: {
      profile: typeof profile === 'object' && profile !== null ? { ...profile } : {},
      sessionState: user.session_state ?? undefined,
      scope,
    },
    remove: () => place.removeItem(key),
  }
}

const grantOf = (scope: string | undefined) =>
  scope === undefined ? undefined : [...new Set(['openid', ...scopesOf(scope)])]

function accessTokensOf({ access_token, expires_at = 0, scope }: StoredUser, nowMs: number) {
  const expiresAtMs = expires_at * 1000
  return access_token === undefined || expiresAtMs - nowMs < SHORTEST_REST_MS
    ? []
    : [{ token: access_token, scopes: scopesOf(scope), expiresAtMs }]
}

/** Removes the sign-ins of the client that are under way: nobody can complete them. */
function removePending({ places, clientId, authorities, users, prefix }: OidcSurroundings): void {
  for (const place of places)
    for (const key of keysOf(place)) {
      if (!key.startsWith(prefix) || users.includes(key)) continue
      const { client_id, authority, code_verifier } = parseEntry(place.getItem(key)) ?? {}
      const isOurs = client_id === clientId && authorities.includes(`${authority}`)
      if (isOurs && code_verifier !== undefined) place.removeItem(key)
    }
}
