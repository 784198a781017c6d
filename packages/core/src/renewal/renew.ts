import { isGuest } from '../dialects/entra/tenant-profiles.ts'
import { AuthError } from '../errors/errors.ts'
import {
  interactionReason,
  meansTokenItself,
  refreshRefusalReason,
} from '../protocol/interaction-reason.ts'
import { isYoungEnough, signInTimeOf } from '../tokens/sign-in-age.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from '../tokens/token-record.ts'
import { needsUser } from './needs-user.ts'
import { type RedeemDeps, redeemRefreshToken } from './redeem-refresh-token.ts'
import { storeRenewal } from './store-renewal.ts'
import { neededBeyondGrant, risksSession } from './within-grant.ts'

export type RenewDeps = RedeemDeps

/** Redeems the refresh token of the account and stores the answer. Called under the refresh lock. */
export async function renew(query: TokenQuery, deps: RenewDeps): Promise<AccessTokenRecord> {
  const { cache, accounts } = deps
  const question = accounts.record(query.owner) && (await withoutDeclined(query, deps))
  const read = () => cache.refreshToken(query.owner, indicatorOf(query), query.grantKey)
  let refusal: AuthError | undefined
  for (;;) {
    // Both as the store has them: another tab may have signed in anew, or out.
    const owner = await accounts.stored(query.owner)
    if (!owner || !question)
      throw new AuthError('account_not_found', 'The account is not signed in here.')
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
      // Another tab may have rotated the token, or signed in: then the newer one is still good.
      const isReplaced = async () => {
        const current = await read()
        return current && current.token !== held.token
      }
      if (await isReplaced()) continue
      refusal = await refused(error, query, held, deps)
      // Where that of an API is dead, the general one may do.
      if (held.resource === undefined || !(await isReplaced())) throw refusal
    }
  }
}

/** Leaves out what the user declined, so that nobody asks for it in silence; stops where nothing is left. */
async function withoutDeclined(query: TokenQuery, { ledger }: RenewDeps): Promise<TokenQuery> {
  const known = await ledger.known(query)
  const isOpen = (index: number) => known[index]?.state !== 'declined'
  const refused = query.insists ? undefined : known.find((entry) => entry?.state === 'refused')
  if (refused || (known.length > 0 && !known.some((_, index) => isOpen(index)))) {
    const reason = refused?.reason ?? 'consent'
    throw needsUser(reason, 'The user has to be asked for some of these scopes.', query)
  }
  // What is asked stays the question: its answer is found again by it.
  return { ...query, texts: query.texts.filter((_, index) => isOpen(index)) }
}

const isRefusal = (error: unknown): error is AuthError =>
  error instanceof AuthError && error.code === 'token_request_failed'

/**
 * Whether the refresh token is of no more use (RFC 6749 section 5.2). On Entra one serves all tenants and policies:
 * that another than the account's own does not take it is no end of it, unless it says so.
 */
function isOver(error: AuthError, { owner, authority }: TokenQuery): boolean {
  const { oauth } = error
  if (oauth?.error !== 'invalid_grant' || isAboutConsent(error)) return false
  const isElsewhere = authority !== undefined || isGuest(owner)
  return !isElsewhere || meansTokenItself(oauth)
}

/** Entra says `invalid_grant` too where the token is good, and the scopes or the claims are not to be had. */
const isAboutConsent = ({ oauth }: AuthError) => {
  const reason = oauth && interactionReason(oauth)
  return reason !== undefined && reason !== 'login' && reason !== 'refresh_token_expired'
}

/** What the refusal of a refresh token means to the caller. */
async function refused(
  error: AuthError,
  query: TokenQuery,
  held: RefreshTokenRecord,
  { cache, ledger, platform }: RenewDeps,
): Promise<AuthError> {
  if (isOver(error, query)) await cache.dropRefreshToken(query.owner, held.token)
  // Some providers refuse a dead refresh token with a status alone.
  const reason = error.oauth ? refreshRefusalReason(error.oauth, query.profile) : 'login'
  platform.log('info', `The refresh token was refused: ${error.oauth?.error ?? 'no OAuth error'}`)
  if (reason === 'consent' || reason === 'admin_consent') await ledger.noteRefusal(query, reason)
  return reason ? needsUser(reason, error.message, query, error) : error
}
