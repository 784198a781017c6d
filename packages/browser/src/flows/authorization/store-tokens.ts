import {
  type Account,
  AuthError,
  accountKey,
  declinedOf,
  type InteractionHint,
  InteractionRequiredError,
  keysOf,
  refreshTokenKey,
  signInTermsOf,
  toTokenQuery,
  withNamesOf,
} from '@carnet/core'
import {
  accessTokenOf,
  listsAllThatItGranted,
  membersOf,
  refreshTokenOf,
  sessionStateOf,
  type TokenResponse,
} from '@carnet/core/network'
import type { AuthenticationResult } from '../../api/result.ts'
import type { Context } from '../../context/context.ts'
import { toResult, withTrace } from '../../startup/result.ts'
import { consentChanges, NO_TERMS } from './consent-changes.ts'
import { KINDS } from './kinds.ts'
import { keptTerms } from './terms.ts'
import type { Transaction } from './transactions.ts'

/** Checks the account of a response, and stores the account and the tokens in one transaction. */
export async function storeTokens(
  grant: TokenResponse,
  transaction: Transaction,
  hint: InteractionHint,
  context: Context,
): Promise<AuthenticationResult> {
  const { store, accounts, cache, announce } = context
  const signedIn = accountOf(grant, transaction, hint, context)
  const { key, account, isSame, isRenewal, mustBeHere, asked } = signedIn
  const earlier = signedIn.before && signInTermsOf(accounts.record(signedIn.before))
  const signedInWith = await keptTerms(transaction, earlier, grant, context)
  const { idToken } = signedIn
  const earlierState = signedIn.before && accounts.record(signedIn.before)?.sessionState
  const sessionState = sessionStateOf(grant) ?? earlierState
  const { authority } = transaction
  const owner = { account, idToken, authority, signedInWith, sessionState }
  const { query, access: unnamed, how } = await tokensOf(grant, transaction, account, context)
  const access = { ...unnamed, response: membersOf(grant, sessionState) }
  const isNew = !accounts.byKey(key)
  const activeBefore = accounts.active()
  // An interactive sign-in makes its account active; a silent sign-in does so only if no account is active.
  const usual =
    activeBefore === undefined
      ? !isRenewal
      : !KINDS[transaction.kind].isSilent && transaction.account === undefined
  const { activates = usual } = transaction
  const { terms = NO_TERMS, scopes, resource } = transaction
  const changes = [
    ...accounts.putChanges(owner),
    // The API sent a claims challenge, so it refuses older tokens that do not answer it.
    ...(query.dialect.claimsAnswerOneChallenge &&
    terms.parameters.authorization.claims !== undefined
      ? cache.superseded({ ...query, ...keysOf(signedInWith) })
      : []),
    ...cache.keep(access),
    ...cache.keep(refreshTokenOf(grant, account, scopes, resource, terms.grantKey)),
    ...(activates ? accounts.activate(account) : []),
    ...(await consentChanges(account, grant, how, transaction, context)),
  ]
  const ownerKey = isRenewal ? asked : key
  const whose = mustBeHere ? accounts.byKey(ownerKey) : account
  const applied =
    whose && (await store.write(changes, mustBeHere ? accounts.nameOf(whose) : undefined))
  if (!applied || (mustBeHere && !accounts.byKey(ownerKey)))
    throw new AuthError('account_not_found', 'The account was removed meanwhile.')
  accounts.put(owner)
  cache.forget(key)

  if (isNew && !isRenewal) announce.accountAdded(account, transaction.correlationId)
  const isSwitch = !activeBefore || accountKey(activeBefore) !== key
  if (activates && isSwitch) announce.activeAccountChanged(account)
  if (!isRenewal) announce.tokens(query, access, 'interaction', transaction.correlationId)
  // The other user is signed in now, but the token is not for the requested account.
  if (!isSame) throw otherAccount(hint)
  const result = toResult(access, accounts.record(account) ?? owner, declinedOf(access, query), {
    fromCache: false,
    correlationId: transaction.correlationId,
    state: transaction.appState,
    trace: () => [],
  })
  const { returnTo } = transaction
  return withDetails(result, {
    isNewAccount: isNew,
    ...(!KINDS[transaction.kind].waits && { returnTo }),
  })
}

/** The result with more fields. Its getters stay getters. */
function withDetails(
  result: AuthenticationResult,
  more: Pick<AuthenticationResult, 'isNewAccount' | 'returnTo'>,
): AuthenticationResult {
  const { trace: _, ...properties } = Object.getOwnPropertyDescriptors(result)
  const whole = Object.create(Object.prototype, properties)
  return withTrace(Object.assign(whole, more), () => result.trace)
}

/** The account of a response, and its relation to the request. */
function accountOf(
  grant: TokenResponse,
  transaction: Transaction,
  hint: InteractionHint,
  { config, accounts }: Context,
) {
  const { idToken, idTokenClaims } = grant
  if (idToken === undefined || !idTokenClaims)
    throw new AuthError('invalid_id_token', 'The provider sent no ID token.')
  const { kind, sid, authority, repeats } = transaction
  const { waits, isSilent } = KINDS[kind]
  const { dialect } = config
  const seen = dialect.accountOf(idTokenClaims, authority, grant.homeAccountId)
  const key = accountKey(seen)
  const asked = transaction.account ?? key
  // Another tenant sees the same person as another account.
  const isSame = asked === key || (dialect.hasTenants && asked.startsWith(refreshTokenKey(seen)))
  const isRenewal = isSilent && transaction.account !== undefined
  // A sign-in starts a new grant; any other request continues the grant of its account.
  const before = isRenewal || repeats ? accounts.byKey(key) : undefined
  const account = before ? withNamesOf(before, seen) : seen
  const isOtherSession = isSilent && sid !== undefined && sid !== (idTokenClaims.sid ?? sid)
  if (isOtherSession || (isRenewal && !isSame)) throw otherAccount(hint)
  // A request for more scopes must not sign an account in again that signed out meanwhile.
  const mustBeHere = isRenewal || (waits && !isSilent && repeats?.account === key)
  return { idToken, key, asked, account, before, isSame, isRenewal, mustBeHere }
}

/** The access token of a response, with the scopes that the user declined. */
async function tokensOf(
  grant: TokenResponse,
  { scopes, tokenScopes, resource, kind, terms = NO_TERMS }: Transaction,
  account: Account,
  { config, ledger }: Context,
) {
  const { dialect, tokenType } = config
  const { parameters } = terms
  const query = toTokenQuery(account, tokenScopes, {
    dialect,
    tokenType,
    resource,
    parameters,
    ...keysOf(terms),
  })
  const how = {
    isComplete: listsAllThatItGranted(grant),
    // A hidden iframe does not ask the user: a scope that its response omits was not declined.
    isInteractive: !KINDS[kind].isSilent,
  }
  const answer = accessTokenOf(grant, query, scopes)
  const granted = answer.grantedScopes
  const states = await ledger.outcomes(query, { granted, sent: scopes, ...how })
  const declined = query.requestedScopes.filter((_, index) => states[index] === 'declined')
  return { query, how, access: { ...answer, declinedScopes: declined.map(dialect.scopeKey) } }
}

const otherAccount = (hint: InteractionHint) =>
  new InteractionRequiredError(
    'account_selection',
    'The user signed in with another account than the requested account.',
    hint,
  )
