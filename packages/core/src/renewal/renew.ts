import { interactionReason, meansTokenItself } from '../dialects/error-reason.ts'
import { AuthError, type OAuthErrorDetails } from '../errors/errors.ts'
import { notSignedIn } from '../errors/not-signed-in.ts'
import { isYoungEnough, signInTimeOf } from '../tokens/sign-in-age.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import { needsUser } from './needs-user.ts'
import { type RedeemDeps, redeemRefreshToken } from './redeem-refresh-token.ts'
import { storeRenewal } from './store-renewal.ts'
import { neededBeyondGrant, risksSession } from './within-grant.ts'

/** The dependencies of `renew`. */
export type RenewDeps = RedeemDeps

/**
 * Redeems the refresh token of the account and stores the response. The caller holds the refresh lock.
 *
 * @throws AuthError `account_not_found` if the account is not signed in.
 * @throws InteractionRequiredError if the user must interact.
 */
export async function renew(query: TokenQuery, deps: RenewDeps): Promise<AccessTokenRecord> {
  const { cache, accounts } = deps
  const question = accounts.record(query.owner) && (await withoutDeclined(query, deps))
  const read = () => cache.refreshToken(query.owner, indicatorOf(query), query.grantKey)
  let refusal: AuthError | undefined
  for (;;) {
    // Read both from the store: another tab may have signed the user in again, or out.
    const owner = await accounts.stored(query.owner)
    if (!owner || !question) throw notSignedIn()
    const held = await read()
    if (!held) throw needsUser('no_tokens', 'No refresh token is held for the account.', query)
    const signedIn = { ...held, authTime: signInTimeOf(held) }
    if (!isYoungEnough(signedIn, query.maxAgeMs, deps.platform.now()))
      throw needsUser('login', 'The sign-in is older than `maxAgeMs` allows.', query)
    if (await risksSession(question, held, deps.ledger)) throw refusal ?? neededBeyondGrant(query)
    try {
      const redeemed = await redeemRefreshToken(question, { owner, held }, deps)
      return await storeRenewal(redeemed, deps)
    } catch (error) {
      if (!isRefusal(error)) throw error
      // Another tab may have stored a newer refresh token, by rotation or by a sign-in: try that token.
      const isReplaced = async () => {
        const current = await read()
        return current && current.token !== held.token
      }
      if (await isReplaced()) continue
      refusal = await refused(error, query, held, deps)
      // If the refresh token of one API is no longer valid, the general refresh token may still work.
      if (held.resource === undefined || !(await isReplaced())) throw refusal
    }
  }
}

/** Removes the scopes that the user declined: only an interactive request may ask again. Throws if no scope is left. */
async function withoutDeclined(query: TokenQuery, { ledger }: RenewDeps): Promise<TokenQuery> {
  const known = await ledger.known(query)
  const isOpen = (index: number) => known[index]?.state !== 'declined'
  const refused = query.forceRefresh ? undefined : known.find((entry) => entry?.state === 'refused')
  if (refused || (known.length > 0 && !known.some((_, index) => isOpen(index)))) {
    const reason = refused?.reason ?? 'consent'
    throw needsUser(reason, 'Some of the scopes need the consent of the user.', query)
  }
  // `scopes` stays unchanged: the token is stored as the answer to the original query.
  return { ...query, requestedScopes: query.requestedScopes.filter((_, index) => isOpen(index)) }
}

const isRefusal = (error: unknown): error is AuthError =>
  error instanceof AuthError && error.code === 'token_request_failed'

/**
 * True if the refresh token is no longer valid (RFC 6749 section 5.2). On Entra a refresh token works for all tenants and
 * policies. After a refusal by another tenant, the token is still valid, unless the error refuses the token itself.
 */
function isOver(error: AuthError, { owner, authority, dialect }: TokenQuery): boolean {
  const { oauth } = error
  if (oauth?.error !== 'invalid_grant' || isAboutConsent(oauth)) return false
  const isElsewhere = authority !== undefined || dialect.isGuest(owner)
  return !isElsewhere || meansTokenItself(oauth)
}

/** True if the token is good, but the scopes or claims need the user: Entra answers `invalid_grant` then too. */
const isAboutConsent = (oauth: OAuthErrorDetails) => {
  const reason = interactionReason(oauth)
  return reason !== undefined && reason !== 'login' && reason !== 'refresh_token_expired'
}

/** Handles the refusal of a refresh token, and returns the error for the caller. */
async function refused(
  error: AuthError,
  query: TokenQuery,
  held: RefreshTokenRecord,
  { cache, ledger, platform }: RenewDeps,
): Promise<AuthError> {
  if (isOver(error, query)) await cache.dropRefreshToken(query.owner, held.token)
  // Some providers refuse an invalid refresh token with a status only, without an OAuth error.
  const reason = error.oauth ? query.dialect.errorReason(error.oauth, 'refresh') : 'login'
  platform.log('info', `The refresh token was refused: ${error.oauth?.error ?? 'no OAuth error'}`)
  if (reason === 'consent' || reason === 'admin_consent') await ledger.noteRefusal(query, reason)
  return reason ? needsUser(reason, error.message, query, error) : error
}
