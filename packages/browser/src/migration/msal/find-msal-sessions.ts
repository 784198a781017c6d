/** Reads the sessions of `@azure/msal-browser` 3, 4 and 5. Loads only if there are entries of the client. */
import { unverifiedClaims } from '@carnet/core/network'
import type { SkippedEntry } from '../../api/migration.ts'
import type { AuthClientOptions } from '../../api/options.ts'
import { type Found, type FoundSession, parseEntry } from '../found.ts'
import type { Place } from '../places.ts'
import { type AuthorityRules, authorityRules } from './authority.ts'
import { createDecrypter } from './decrypt.ts'
import { type Credential, type Entry, type MsalAccount, readEntries } from './entities.ts'
import { tokenLists } from './lists.ts'
import { removeHome, removeRest } from './remove.ts'
import { accessTokensOf, refreshTokenOf } from './tokens.ts'

/** The newest ID token of a user in a tenant. */
interface IdToken extends Entry<Credential> {
  readonly claims: Readonly<Record<string, unknown>>
}

/** The parts of the outside that the reading needs. */
export interface MsalSurroundings {
  readonly places: readonly Place[]
  /** The text of `document.cookie`. */
  readonly cookies: string
  readonly nowMs: number
}

/** Finds the sessions of a client at one provider. Nothing of another client or of another provider is taken. */
export async function findMsalSessions(
  options: AuthClientOptions,
  { places, cookies, nowMs }: MsalSurroundings,
): Promise<Found> {
  const { clientId } = options
  const rules = authorityRules(options)
  const lists = places.flatMap(tokenLists)
  const own = lists.filter((list) => list.clientId === clientId)
  const others = lists.filter((list) => list.clientId !== clientId)
  const read = await readEntries(own, places, createDecrypter(clientId, cookies))
  const skipped: SkippedEntry[] = read.unread.map(({ key, reason }) => ({ key, reason }))

  const isOurs = ({ value }: Entry<Credential>) =>
    value.clientId === clientId && rules.isHere(value.environment)
  const credentials = read.credentials.filter(isOurs)
  for (const entry of read.credentials)
    if (!isOurs(entry)) skipped.push({ key: entry.key, reason: 'other_provider' })
  const accounts = read.accounts.filter(({ value }) => rules.isHere(value.environment))
  const idTokens = newestIdTokens(credentials)
  const reasonAgainst = createChecks(idTokens, accounts, rules)
  const isActive = isActiveIn(clientId, places)

  const sessions = idTokens.sort(byOrder(isActive)).flatMap((idToken): FoundSession[] => {
    const { key, value, claims } = idToken
    const reason = reasonAgainst(idToken)
    if (reason) skipped.push({ key, reason })
    if (reason) return []
    const home = value.homeAccountId
    const ofHome = credentials.filter((entry) => entry.value.homeAccountId === home)
    const session = {
      idToken: value.secret,
      authority: rules.authorityOf(value),
      homeAccountId: home,
      accessTokens: accessTokensOf(value, ofHome, nowMs, skipped),
      // The tenants of an account share one refresh token.
      refreshToken: refreshTokenOf(ofHome, nowMs, skipped),
    }
    const remove = () => removeHome(home, { credentials, accounts }, others)
    return [{ key, session, claims, wasActive: isActive(idToken), remove }]
  })
  return { sessions, skipped, removeRest: () => removeRest(clientId, places, read.unread) }
}

/** Returns the check of an ID token: the reason why its session is not moved. */
function createChecks(
  idTokens: readonly IdToken[],
  accounts: readonly Entry<MsalAccount>[],
  rules: AuthorityRules,
): (idToken: IdToken) => SkippedEntry['reason'] | undefined {
  const listed = new Set(accounts.map(({ value }) => value.homeAccountId))
  return ({ value, claims }) => {
    if (!listed.has(value.homeAccountId)) return 'no_account'
    if (typeof claims.sub !== 'string' || !rules.isHome(value.homeAccountId, claims))
      return 'unreadable'
    const ofHome = idTokens.filter((other) => other.value.homeAccountId === value.homeAccountId)
    return ofHome.some((other) => rules.fits(other.value)) ? undefined : 'other_provider'
  }
}

/** The newest ID token of each user and tenant. Several versions of the library may have left their own. */
function newestIdTokens(credentials: readonly Entry<Credential>[]): IdToken[] {
  const newest = new Map<string, IdToken>()
  for (const entry of credentials) {
    if (entry.value.credentialType !== 'IdToken') continue
    const idToken = { ...entry, claims: unverifiedClaims(entry.value.secret) }
    const name = JSON.stringify([entry.value.homeAccountId, entry.value.realm])
    const other = newest.get(name)
    if (!other || (issuedAt(idToken) - issuedAt(other) || idToken.schema - other.schema) > 0)
      newest.set(name, idToken)
  }
  return [...newest.values()]
}

const issuedAt = ({ claims: { iat } }: IdToken): number => (typeof iat === 'number' ? iat : 0)

/** The active account first, then the account that signed in last. */
const byOrder =
  (isActive: (idToken: IdToken) => boolean) =>
  (one: IdToken, other: IdToken): number =>
    Number(isActive(other)) - Number(isActive(one)) || issuedAt(other) - issuedAt(one)

/** Returns the test for the account that the app had made active. Its entry is never encrypted. */
function isActiveIn(clientId: string, places: readonly Place[]): (idToken: IdToken) => boolean {
  const name = `msal.${clientId}.active-account-filters`
  const active = places.map((place) => parseEntry(place.getItem(name))).find(Boolean)
  return ({ value }) =>
    active !== undefined &&
    active.homeAccountId === value.homeAccountId &&
    (!active.tenantId || active.tenantId === value.realm)
}
