import { type AccountRecord, accountKey, type IdTokenClaims } from '../accounts/account.ts'
import { withNewerClaims } from '../accounts/account-claims.ts'
import type { AccountRegistry } from '../accounts/account-registry.ts'
import { unverifiedClaims } from '../encoding/jwt-part.ts'
import { AuthError } from '../errors/errors.ts'
import type { TokenResponse } from '../protocol/token-response.ts'
import { sessionStateOf } from '../protocol/token-response-records.ts'
import type { RecordStore, StoreChange } from '../records/record-store.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import type { RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'

/** The stores that a renewal writes to. */
export interface KeepDeps {
  readonly store: RecordStore
  readonly cache: TokenCache
  readonly accounts: AccountRegistry
}

/** A refresh token and its account, as they were stored when the token was redeemed. */
export interface Redeemed {
  readonly owner: AccountRecord
  readonly held: RefreshTokenRecord
}

/**
 * Writes the result of a renewal. The refresh token is written first, because it must not be lost. If a sign-in replaced
 * the refresh token meanwhile, neither it nor the account is overwritten.
 *
 * @throws AuthError `account_not_found` if the account was removed; then nothing is written for it.
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
  // This tab may have removed the account during the write: do not put it back into memory.
  if (!applied || !isHere())
    throw new AuthError('account_not_found', 'The account was removed while its token was renewed.')
  if (isNewer) accounts.put(renewed)
  cache.forget(key)
}

/**
 * Stores the rotated refresh token of a token response that failed its checks. The old token is used up: sending it
 * again would end the session. A new token for another user is not stored, and the old token is deleted.
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
  if (isOther && tenantId !== '') return // Entra accepts a refresh token again after its rotation.
  const name = cache.nameOf(held)
  await store.write(isOther ? [{ type: 'delete', ...name }] : cache.keep({ ...held, token }), name)
}

/** The subject of a refreshed ID token that does not match the account's sign-in. Completes "The ID token is about …". */
export type OtherSubject = 'another sign-in' | 'another tenant' | 'another user'

/**
 * Checks the refreshed ID token (OpenID Connect Core section 12.2). Returns the account with the newer ID token, or the
 * mismatch if the token is about another user or sign-in.
 *
 * Another Entra tenant has another account for the same user. If the request named that tenant, the result is the account there.
 */
export function renewedOwner(
  { owner, held }: Redeemed,
  grant: TokenResponse,
  { authority: elsewhere, dialect }: Pick<TokenQuery, 'authority' | 'dialect'>,
): AccountRecord | OtherSubject {
  const { idToken, idTokenClaims: claims, homeAccountId } = grant
  const { account } = owner
  const authority = elsewhere ?? owner.authority
  if (idToken === undefined || !claims) return owner
  const before = account.idTokenClaims
  const isSame =
    claims.sub === before.sub && claims.iss === before.iss && repeats(claims, 'azp', before.azp)
  if (isSame) {
    // A sign-in in another tab or tenant may have replaced the refresh token, but not the account.
    if (isOtherSignIn(claims, before, held)) return 'another sign-in'
    const sessionState = sessionStateOf(grant) ?? owner.sessionState
    return { ...owner, account: withNewerClaims(account, claims), idToken, authority, sessionState }
  }
  const isOtherTenant = claims.iss !== before.iss && homeAccountId !== undefined
  if (!isOtherTenant || homeAccountId !== account.homeAccountId) return 'another user'
  const guest = dialect.accountOf(claims, authority, homeAccountId)
  if (elsewhere === undefined && guest.tenantId !== account.tenantId) return 'another tenant'
  return { ...owner, account: guest, idToken, authority }
}

/**
 * True if a refreshed ID token is about another sign-in of the same subject. OpenID Connect Core section 12.2 requires the
 * `auth_time` of the first sign-in. Some providers send the time of a later sign-in to the same session instead. A newer
 * `auth_time` is accepted, unless `sid` names another session.
 */
function isOtherSignIn(
  claims: IdTokenClaims,
  before: IdTokenClaims,
  { authTime }: RefreshTokenRecord,
): boolean {
  if (repeats(claims, 'auth_time', authTime) || typeof claims.auth_time !== 'number') return false
  return claims.auth_time < (authTime ?? 0) || !repeats(claims, 'sid', before.sid)
}

/** True if the refreshed ID token has the same value for the claim, or omits the claim. */
const repeats = (claims: IdTokenClaims, name: string, before: unknown): boolean =>
  claims[name] === undefined || before === undefined || claims[name] === before
