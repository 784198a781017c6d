import { type AccountRecord, accountKey, type IdTokenClaims } from '../accounts/account.ts'
import { entraAccountFromClaims, withNewerClaims } from '../accounts/account-claims.ts'
import type { AccountRegistry } from '../accounts/account-registry.ts'
import { authorityName, isGuid, isTenantAlias } from '../dialects/entra/entra-authority.ts'
import { unverifiedClaims } from '../encoding/jwt-part.ts'
import { AuthError } from '../errors/errors.ts'
import type { TokenGrant } from '../protocol/token-grant.ts'
import type { RecordStore, StoreChange } from '../records/record-store.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import type { RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'

export interface KeepDeps {
  readonly store: RecordStore
  readonly cache: TokenCache
  readonly accounts: AccountRegistry
}

/** A refresh token and the account that it is of, as they were when it was redeemed. */
export interface Redeemed {
  readonly owner: AccountRecord
  readonly held: RefreshTokenRecord
}

/**
 * Writes what a renewal brought. The refresh token goes first, for it must not be lost, and only if a sign-in has not
 * replaced it meanwhile: then the account is newer too. Nothing is written for an account that was removed.
 */
export async function keepRenewed(
  { owner, held }: Redeemed,
  renewed: AccountRecord,
  refreshed: RefreshTokenRecord,
  rest: readonly StoreChange[],
  { store, cache, accounts }: KeepDeps,
): Promise<void> {
  const isHeld = await store.write(cache.keep(refreshed), cache.nameOf(held))
  const key = accountKey(renewed.account)
  const isNewer = renewed !== owner && (isHeld || key !== accountKey(owner.account))
  const changes = isNewer ? [...accounts.putChanges(renewed), ...rest] : rest
  const isHere = () => accounts.record(owner.account) !== undefined
  const applied = isHere() && (await store.write(changes, accounts.nameOf(owner.account)))
  // This tab may remove it while the write reports back: memory must not take it up again.
  if (!applied || !isHere())
    throw new AuthError('account_not_found', 'The account was removed while its token was renewed.')
  if (isNewer) accounts.put(renewed)
  cache.forget(key)
}

/**
 * An answer that is refused has used up the refresh token all the same: to send it again would end the session where
 * it was rotated. What it was rotated to is kept, unless it is for somebody else.
 */
export async function keepRotated(
  { id_token: idToken, refresh_token: token }: Readonly<Record<string, unknown>>,
  { owner, held }: Redeemed,
  { store, cache }: KeepDeps,
): Promise<void> {
  if (typeof token !== 'string' || token === '') return
  const claims = unverifiedClaims(idToken)
  const { idTokenClaims: before, tenantId } = owner.account
  const isOther = ['iss', 'sub'].some((name) => name in claims && claims[name] !== before[name])
  if (isOther && tenantId !== '') return // Entra takes a token that was rotated again.
  const name = cache.nameOf(held)
  await store.write(isOther ? [{ type: 'delete', ...name }] : cache.keep({ ...held, token }), name)
}

/** What a refreshed ID token is about, where it is not about the account as it signed in. */
export type OtherSubject = 'another sign-in' | 'another tenant' | 'somebody else'

/**
 * The account with its newer ID token, which must be about the same person and sign-in (OpenID Connect Core 12.2), or
 * what it is about instead. Another tenant of Entra sees the same person as another account, which is an answer
 * where that tenant was asked.
 */
export function renewedOwner(
  { owner, held }: Redeemed,
  { idToken, idTokenClaims: claims, homeAccountId }: TokenGrant,
  { authority: elsewhere }: Pick<TokenQuery, 'authority'>,
): AccountRecord | OtherSubject {
  const { account } = owner
  const authority = elsewhere ?? owner.authority
  if (idToken === undefined || !claims) return owner
  const before = account.idTokenClaims
  const isSame =
    claims.sub === before.sub && claims.iss === before.iss && repeats(claims, 'azp', before.azp)
  if (isSame) {
    // A sign-in in another tab, or in another tenant, may have replaced the refresh token alone.
    if (isOtherSignIn(claims, before, held)) return 'another sign-in'
    return { ...owner, account: withNewerClaims(account, claims), idToken, authority }
  }
  const isOtherTenant = claims.iss !== before.iss && homeAccountId !== undefined
  if (!isOtherTenant || homeAccountId !== account.homeAccountId) return 'somebody else'
  const guest = entraAccountFromClaims(claims, account.environment, homeAccountId)
  if (elsewhere === undefined && guest.tenantId !== account.tenantId) return 'another tenant'
  return { ...owner, account: guest, idToken, authority }
}

/** The tenant of an account, where the authority that signed it in leaves open which one is asked. */
export function ownTenant({ account, authority }: AccountRecord): string | undefined {
  const { tenantId } = account
  const isOpen = isGuid(tenantId) && isTenantAlias(authorityName(authority))
  return isOpen ? `${new URL(authority).origin}/${tenantId}` : undefined
}

/**
 * True if a refreshed ID token is about another sign-in of the same subject. OpenID Connect Core 12.2 wants the `auth_time`
 * of the first sign-in, but some providers write that of a later sign-in to the same session. A newer time is accepted,
 * unless `sid` names another session.
 */
function isOtherSignIn(
  claims: IdTokenClaims,
  before: IdTokenClaims,
  { authTime }: RefreshTokenRecord,
): boolean {
  if (repeats(claims, 'auth_time', authTime) || typeof claims.auth_time !== 'number') return false
  return claims.auth_time < (authTime ?? 0) || !repeats(claims, 'sid', before.sid)
}

/** What a refreshed ID token repeats must be as it was; it may leave it out. */
const repeats = (claims: IdTokenClaims, name: string, before: unknown): boolean =>
  claims[name] === undefined || before === undefined || claims[name] === before
