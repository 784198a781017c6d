import { signInTermsOf } from './accounts/sign-in-terms.ts'
import { isGuest } from './accounts/tenant-profiles.ts'
import type { MetadataSource } from './authority/metadata-source.ts'
import type { ConsentLedger } from './consent/consent-ledger.ts'
import { assumedScopes, leftOut, stillDeclined } from './consent/refreshed-scopes.ts'
import { AuthError } from './errors.ts'
import {
  type KeepDeps,
  keepRenewed,
  keepRotated,
  ownTenant,
  type Redeemed,
  renewedOwner,
} from './keep-renewed.ts'
import { needsUser } from './needs-user.ts'
import type { Platform } from './platform.ts'
import type { VerifyIdToken } from './protocol/deps.ts'
import type { Http } from './protocol/http.ts'
import {
  interactionReason,
  meansTokenItself,
  refreshRefusalReason,
} from './protocol/interaction-reason.ts'
import { refreshPart } from './protocol/refresh.ts'
import { atTokenEndpoint } from './renewal/unexplained-failures.ts'
import { neededBeyondGrant, risksSession } from './renewal/within-grant.ts'
import { listsAllThatItGranted } from './scopes/granted-oidc-scopes.ts'
import { resourceScopes, union } from './scopes/scope-values.ts'
import { scopeKey } from './scopes/token-scopes.ts'
import { serverText } from './server-text.ts'
import { accessTokenOf, refreshedToken } from './tokens/grant-records.ts'
import { planEntraRefresh, planRefresh } from './tokens/refresh-plan.ts'
import { isYoungEnough, signInTimeOf } from './tokens/sign-in-age.ts'
import { indicatorOf } from './tokens/token-query.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from './tokens/token-record.ts'

export interface RenewDeps extends KeepDeps {
  readonly platform: Platform
  readonly clientId: string
  readonly ledger: ConsentLedger
  readonly metadataOf: MetadataSource
  readonly http: Http
  readonly verifyIdToken?: VerifyIdToken | undefined
}

/** Redeems the refresh token of the account and keeps what comes. Called under the refresh lock. */
export async function renew(query: TokenQuery, deps: RenewDeps): Promise<AccessTokenRecord> {
  const { cache, accounts } = deps
  const question = accounts.record(query.account) && (await withoutDeclined(query, deps))
  const read = () => cache.refreshToken(query.account, indicatorOf(query), query.grantKey)
  let refusal: AuthError | undefined
  for (;;) {
    // Both as the store has them: another tab may have signed in anew, or out.
    const owner = await accounts.stored(query.account)
    if (!owner || !question)
      throw new AuthError('account_not_found', 'The account is not signed in here.')
    const held = await read()
    if (!held) throw needsUser('no_tokens', 'No refresh token is held for the account.', query)
    const signedIn = { ...held, authTime: signInTimeOf(held) }
    if (!isYoungEnough(signedIn, query.maxAgeMs, deps.platform.now()))
      throw needsUser('login', 'The sign-in is older than `maxAgeMs` allows.', query)
    if (await risksSession(question, held, deps.ledger)) throw refusal ?? neededBeyondGrant(query)
    try {
      return await redeem(question, { owner, held }, deps)
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

async function redeem(
  query: TokenQuery,
  redeemed: Redeemed,
  deps: RenewDeps,
): Promise<AccessTokenRecord> {
  const { owner, held } = redeemed
  const { platform, clientId, cache, ledger, http, verifyIdToken } = deps
  const { now, trueTimeMs } = platform
  const clocks = { now, trueTimeMs, earlierOffsetMs: held.clockOffsetMs ?? 0 }
  const { account, profile, authority = owner.authority } = query
  const plan =
    profile === 'entra'
      ? planEntraRefresh(held, query.texts)
      : planRefresh(held, resourceScopes(query.texts))
  const asked = plan.type === 'ask' ? plan.scopes : []
  const before = await ledger.states(query)
  const granted = [
    ...held.grantedScopes,
    ...query.texts.filter((_, index) => before[index] === 'granted'),
  ]
  const onRefused = (answer: Readonly<Record<string, unknown>>) =>
    keepRotated(answer, redeemed, deps)
  const request = {
    refreshToken: held.token,
    scopes: plan.type === 'ask' ? plan.scopes : undefined,
    assumedScopes:
      plan.type === 'ask' ? assumedScopes(plan.scopes, granted, profile) : plan.assumed,
    resource: indicatorOf(query),
    claims: query.claims,
    parameters: query.parameters,
    homeAccountId: account.homeAccountId,
  }
  const provider = { authority, profile, clientId, http, verifyIdToken, ...clocks }
  const grant = await atTokenEndpoint(query, { authority, held }, deps, (metadata) =>
    refreshPart(request, held.grantedScopes, { metadata, ...provider }, onRefused),
  )
  const renewed = renewedOwner(redeemed, grant, query)
  if (typeof renewed === 'string') {
    // A refresh token that a guest was granted answers for where it was issued, unless a tenant is named.
    const tenant = renewed === 'another tenant' ? ownTenant(owner) : undefined
    if (tenant !== undefined) return redeem({ ...query, authority: tenant }, redeemed, deps)
    await onRefused({ id_token: grant.idToken, refresh_token: grant.refreshToken })
    const message = `The refreshed ID token is about ${renewed}.`
    // The session at the provider goes on with that one: whoever asks there gets a grant that fits.
    if (renewed === 'another sign-in') throw needsUser('login', message, query)
    throw new AuthError('invalid_id_token', message)
  }
  const authTime = grant.idTokenClaims?.auth_time
  if (typeof authTime === 'number' && held.authTime !== undefined && authTime > held.authTime)
    platform.log('warn', 'The refreshed ID token has a newer `auth_time` than the sign-in.')
  // Names that the provider gave earlier are no new names.
  const sent = union(union(held.requestedScopes, held.grantedScopes), asked)
  const answered = { ...query, account: renewed.account, authority: undefined }
  const how = { isInteractive: false, isComplete: listsAllThatItGranted(grant) }
  const answer = accessTokenOf(grant, answered, sent)
  const outcomes = await ledger.outcomes(answered, { granted: answer.grantedScopes, sent, ...how })
  const refreshed = refreshedToken(held, grant, [])
  const access = {
    ...answer,
    authTime: signInTimeOf(refreshed),
    declinedScopes: stillDeclined(answered, outcomes),
  }
  const left = leftOut(answered, access, held, sent, outcomes, await ledger.states(answered))
  // What nobody asked the user for was not declined: the token is no answer to that part of the question.
  const isAnswer = (key: string) => !left.some((text) => scopeKey(text, profile) === key)
  const kept = { ...access, requestedScopes: access.requestedScopes.filter(isAnswer) }
  const known = { ...answered, texts: answered.texts.filter((text) => !left.includes(text)) }
  const more = asked.filter((text) => !left.includes(text))
  const isChallenge = profile === 'entra' && query.parameters?.authorization.claims !== undefined
  const { parametersKey } = signInTermsOf(owner)
  const rest = [
    // The API that sent the challenge refuses the tokens that do not answer it.
    ...(isChallenge ? cache.superseded({ ...answered, parametersKey }) : []),
    ...cache.keep(kept),
    ...(await ledger.noteGrant(known, access.grantedScopes, sent, how)),
  ]
  await keepRenewed(redeemed, renewed, refreshedToken(held, grant, more), rest, deps)
  if (left.length > 0) {
    await ledger.noteRefusal({ ...answered, texts: left })
    throw needsUser('consent', 'The provider left out what the user was not asked for.', query)
  }
  platform.log('info', `Renewed: ${serverText(access.grantedScopes.join(' ')) ?? 'no scopes'}.`)
  return access
}

const isRefusal = (error: unknown): error is AuthError =>
  error instanceof AuthError && error.code === 'token_request_failed'

/**
 * Whether the refresh token is of no more use (RFC 6749 section 5.2). On Entra one serves all tenants and policies:
 * that another than the account's own does not take it is no end of it, unless it says so.
 */
function isOver(error: AuthError, { account, authority }: TokenQuery): boolean {
  const { oauth } = error
  if (oauth?.error !== 'invalid_grant' || isAboutConsent(error)) return false
  const isElsewhere = authority !== undefined || isGuest(account)
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
  if (isOver(error, query)) await cache.dropRefreshToken(query.account, held.token)
  // Some providers refuse a dead refresh token with a status alone.
  const reason = error.oauth ? refreshRefusalReason(error.oauth, query.profile) : 'login'
  platform.log('info', `The refresh token was refused: ${error.oauth?.error ?? 'no OAuth error'}`)
  if (reason === 'consent' || reason === 'admin_consent') await ledger.noteRefusal(query, reason)
  return reason ? needsUser(reason, error.message, query, error) : error
}
