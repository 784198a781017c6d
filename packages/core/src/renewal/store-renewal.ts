import { signInTermsOf } from '../accounts/sign-in-terms.ts'
import type { ConsentLedger } from '../consent/consent-ledger.ts'
import { leftOut, stillDeclined } from '../consent/refreshed-scopes.ts'
import { serverText } from '../errors/server-text.ts'
import { keysOf } from '../parameters/request-parameters.ts'
import type { Platform } from '../platform/platform.ts'
import { accessTokenOf, membersOf, refreshedToken } from '../protocol/token-response-records.ts'
import { listsAllThatItGranted } from '../scopes/granted-oidc-scopes.ts'
import { union } from '../scopes/union.ts'
import { signInTimeOf } from '../tokens/sign-in-age.ts'
import type { AccessTokenRecord } from '../tokens/token-record.ts'
import { type KeepDeps, keepRenewed } from './keep-renewed.ts'
import { needsUser } from './needs-user.ts'
import type { Renewal } from './redeem-refresh-token.ts'

/** The dependencies of `storeRenewal`. */
export interface StoreDeps extends KeepDeps {
  readonly platform: Pick<Platform, 'log'>
  readonly ledger: ConsentLedger
}

/**
 * Stores the response to a refresh token request: both tokens, the account, and the outcome of each scope.
 *
 * @throws InteractionRequiredError `consent` if the provider left out scopes that the user was never asked for.
 */
export async function storeRenewal(
  { query, redeemed, grant, renewed, asked }: Renewal,
  deps: StoreDeps,
): Promise<AccessTokenRecord> {
  const { owner, held } = redeemed
  const { platform, cache, ledger } = deps
  const { dialect } = query
  // Scopes that the provider granted earlier do not count as renamed scopes.
  const sent = union(union(held.requestedScopes, held.grantedScopes), asked)
  const answered = { ...query, owner: renewed.account, authority: undefined }
  const how = { isInteractive: false, isComplete: listsAllThatItGranted(grant) }
  const answer = accessTokenOf(grant, answered, sent)
  const outcomes = await ledger.outcomes(answered, { granted: answer.grantedScopes, sent, ...how })
  const refreshed = refreshedToken(held, grant, [])
  const access = {
    ...answer,
    authTime: signInTimeOf(refreshed),
    declinedScopes: stillDeclined(answered, outcomes),
    response: membersOf(grant, renewed.sessionState),
  }
  const left = leftOut(answered, access, held, sent, outcomes, await ledger.states(answered))
  // Scopes that the user was never asked for are not declined: do not store the token as an answer for them.
  const isAnswer = (key: string) => !left.some((text) => dialect.scopeKey(text) === key)
  const kept = { ...access, requestedScopes: access.requestedScopes.filter(isAnswer) }
  const known = {
    ...answered,
    texts: answered.requestedScopes.filter((text) => !left.includes(text)),
  }
  const more = asked.filter((text) => !left.includes(text))
  const isChallenge =
    dialect.claimsAnswerOneChallenge && query.parameters?.authorization.claims !== undefined
  const rest = [
    // The API sent a claims challenge, so it refuses older tokens that do not answer it.
    ...(isChallenge ? cache.superseded({ ...answered, ...keysOf(signInTermsOf(owner)) }) : []),
    ...cache.keep(kept),
    ...(await ledger.noteGrant(known, access.grantedScopes, sent, how)),
  ]
  await keepRenewed(redeemed, renewed, refreshedToken(held, grant, more), rest, deps)
  if (left.length > 0) {
    await ledger.noteRefusal({ ...answered, requestedScopes: left })
    throw needsUser('consent', 'The provider did not grant all scopes without the user.', query)
  }
  platform.log('info', `Renewed: ${serverText(access.grantedScopes.join(' ')) ?? 'no scopes'}.`)
  return access
}
