import {
  AuthError,
  accountKey,
  declinedOf,
  difference,
  type InteractionHint,
  InteractionRequiredError,
  isInteractionRequired,
  keysOf,
  parametersToRepeat,
  refreshTokenKey,
  resourceScopes,
  signInTermsOf,
  splitByResource,
  toTokenQuery,
  withNamesOf,
} from '@carnet/core'
import {
  accessTokenOf,
  type Http,
  listsAllThatItGranted,
  type MetadataSource,
  redeemCode,
  refreshTokenOf,
  type TokenResponse,
  type VerifyIdToken,
} from '@carnet/core/network'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { toResult } from '../../startup/result.ts'
import { consentChanges, NO_TERMS } from './consent-changes.ts'
import { KINDS } from './kinds.ts'
import { secondAttempt } from './second-attempt.ts'
import { keptTerms } from './terms.ts'
import type { Transaction } from './transactions.ts'

/** Redeems the code of a response, and stores the account and the tokens. */
export async function completeAuthorization(
  response: URLSearchParams,
  transaction: Transaction,
  runtime: Context,
  {
    metadataOf,
    ...how
  }: { metadataOf: MetadataSource; http: Http; verifyIdToken: VerifyIdToken | undefined },
): Promise<AuthenticationResult> {
  const { config, platform } = runtime
  try {
    const metadata = await metadataOf(transaction.authority)
    const pending = {
      ...transaction,
      tokenParameters: transaction.terms?.parameters.token,
      hint: hintOf(transaction, runtime),
    }
    const grant = await redeemCode(response, pending, {
      metadata,
      authority: transaction.authority,
      dialect: config.dialect,
      clientId: config.clientId,
      ...how,
      now: platform.now,
      trueTimeMs: platform.trueTimeMs,
    })
    platform.log('info', `The code was redeemed (${transaction.correlationId}).`)
    if (grant.refreshToken === undefined && transaction.scopes.includes('offline_access'))
      platform.log('info', NO_REFRESH_TOKEN)
    return await storeTokens(grant, transaction, pending.hint, runtime)
  } catch (error) {
    if (!(error instanceof AuthError)) throw error
    error.correlationId ??= transaction.correlationId
    if (error.oauth?.error === 'invalid_scope') {
      const { without } = secondAttempt(error, transaction) ?? {}
      await forgetRepeated(transaction, without, runtime)
    }
    if (isDecline(error) && !KINDS[transaction.kind].isSilent)
      await noteDecline(transaction, runtime)
    throw error
  }
}

const NO_REFRESH_TOKEN =
  'The provider gave no refresh token, although `offline_access` was asked for. Strict providers give one only with `prompt: "consent"` (OpenID Connect Core 11).'

/**
 * Removes the grants of repeated scopes that the provider refuses. Otherwise every later request would fail with them.
 *
 * @param refused The scopes that a second attempt leaves out. Default: all repeated scopes.
 */
async function forgetRepeated(
  { repeats, resource, terms, tokenScopes }: Transaction,
  refused: readonly string[] | undefined,
  { accounts, ledger }: Context,
): Promise<void> {
  const account = repeats && accounts.byKey(repeats.account)
  if (!account) return
  const isRefused = (scope: string) => refused?.includes(scope) ?? !tokenScopes.includes(scope)
  const unasked = repeats.scopes.filter(isRefused)
  await ledger.forgetGrants(account, resource ?? '', unasked, terms?.grantKey)
}

/** True if the user declined the whole page: then all new scopes of the page are declined. On Entra this is always so. */
const isDecline = (error: AuthError) =>
  error.code === 'access_denied' || (isInteractionRequired(error) && error.reason === 'consent')

async function noteDecline(
  { account, authority, repeats, scopes, resource, terms = NO_TERMS }: Transaction,
  { config, accounts, ledger, store }: Context,
): Promise<void> {
  const asked = accounts.byKey(account ?? repeats?.account ?? '')
  if (!asked) return
  const there = accounts.inTenant(asked, authority, config.dialect)
  const whose = there ?? asked
  const asking = resourceScopes(scopes)
  const questions = splitByResource(whose, asking, config.dialect, resource, keysOf(terms))
  // A scope that is declined in a new tenant is not declined for the home account.
  const where = there ? {} : { authority }
  const noted = questions.map((question) => ledger.noteDecline({ ...question, ...where }))
  await store.write((await Promise.all(noted)).flat(), accounts.nameOf(whose))
}

async function storeTokens(
  grant: TokenResponse,
  transaction: Transaction,
  hint: InteractionHint,
  runtime: Context,
): Promise<AuthenticationResult> {
  const { config, store, accounts, cache, announce } = runtime
  const { authority, scopes, tokenScopes, resource, correlationId, appState, kind, sid } =
    transaction
  const { terms = NO_TERMS } = transaction
  const { idToken, idTokenClaims } = grant
  if (idToken === undefined || !idTokenClaims)
    throw new AuthError('invalid_id_token', 'The provider sent no ID token.')

  const { waits, isSilent } = KINDS[kind]
  const { dialect } = config
  const seen = dialect.accountOf(idTokenClaims, authority, grant.homeAccountId)
  const key = accountKey(seen)
  const asked = transaction.account ?? key
  // Another tenant sees the same person as another account.
  const isSame = asked === key || (dialect.hasTenants && asked.startsWith(refreshTokenKey(seen)))
  const isRenewal = isSilent && transaction.account !== undefined
  // A sign-in starts a new grant; any other request continues the grant of its account.
  const before = isRenewal || transaction.repeats ? accounts.byKey(key) : undefined
  const account = before ? withNamesOf(before, seen) : seen
  const isOtherSession = isSilent && sid !== undefined && sid !== (idTokenClaims.sid ?? sid)
  if (isOtherSession || (isRenewal && !isSame)) throw somebodyElse(hint)
  // A request for more scopes must not sign an account in again that signed out meanwhile.
  const mustBeHere = isRenewal || (waits && !isSilent && transaction.repeats?.account === key)

  const earlier = before && signInTermsOf(accounts.record(before))
  const signedInWith = await keptTerms(transaction, earlier, grant, runtime)
  const owner = { account, idToken, authority, signedInWith }
  const { parameters } = terms
  const query = toTokenQuery(account, tokenScopes, {
    dialect,
    resource,
    parameters,
    ...keysOf(terms),
  })
  const how = {
    isComplete: listsAllThatItGranted(grant),
    // A hidden iframe does not ask the user: a scope that its response omits was not declined.
    isInteractive: !isSilent,
  }
  const answer = accessTokenOf(grant, query, scopes)
  const states = await runtime.ledger.outcomes(query, {
    granted: answer.grantedScopes,
    sent: scopes,
    ...how,
  })
  const declined = query.requestedScopes.filter((_, index) => states[index] === 'declined')
  const access = { ...answer, declinedScopes: declined.map(dialect.scopeKey) }
  const isNew = !accounts.byKey(key)
  // An interactive sign-in makes its account active; a silent sign-in does so only if no account is active.
  const activates =
    accounts.active() === undefined ? !isRenewal : !isSilent && transaction.account === undefined
  const activeBefore = accounts.active()
  const changes = [
    ...accounts.putChanges(owner),
    // The API sent a claims challenge, so it refuses older tokens that do not answer it.
    ...(dialect.claimsAnswerOneChallenge && parameters.authorization.claims !== undefined
      ? cache.superseded({ ...query, ...keysOf(signedInWith) })
      : []),
    ...cache.keep(access),
    ...cache.keep(refreshTokenOf(grant, account, scopes, resource, terms.grantKey)),
    ...(activates ? accounts.activate(account) : []),
    ...(await consentChanges(account, grant, how, transaction, runtime)),
  ]
  const ownerKey = isRenewal ? asked : key
  const whose = mustBeHere ? accounts.byKey(ownerKey) : account
  const applied =
    whose && (await store.write(changes, mustBeHere ? accounts.nameOf(whose) : undefined))
  if (!applied || (mustBeHere && !accounts.byKey(ownerKey)))
    throw new AuthError('account_not_found', 'The account was removed meanwhile.')
  accounts.put(owner)
  cache.forget(key)

  if (isNew && !isRenewal) announce.accountAdded(account)
  const isSwitch = !activeBefore || accountKey(activeBefore) !== key
  if (activates && isSwitch) announce.activeAccountChanged(account)
  if (!isRenewal) announce.tokens(query, access, 'interaction')
  // The other user is signed in now, but the token is not for the requested account.
  if (!isSame) throw somebodyElse(hint)
  return toResult(access, accounts.record(account) ?? owner, declinedOf(access, query), {
    fromCache: false,
    correlationId,
    state: appState,
    trace: () => [],
  })
}

/** The request of a transaction, for another interaction. */
function hintOf(
  { account, authority, repeats, resource, scopes, tokenScopes, terms, maxAgeMs }: Transaction,
  { accounts }: Context,
): InteractionHint {
  return {
    scopes: tokenScopes,
    extraScopesToConsent: difference(scopes, tokenScopes),
    account: accounts.byKey(account ?? repeats?.account ?? ''),
    authority,
    resource,
    claims: terms?.parameters.authorization.claims,
    ...parametersToRepeat({ parameters: terms?.parameters, maxAgeMs }),
  }
}

const somebodyElse = (hint: InteractionHint) =>
  new InteractionRequiredError(
    'account_selection',
    'The user signed in with another account than the requested account.',
    hint,
  )
