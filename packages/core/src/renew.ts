import { type AccountRecord, accountFromClaims, accountKey } from './accounts/account.ts'
import type { AccountRegistry } from './accounts/account-registry.ts'
import type { MetadataSource } from './authority/metadata-source.ts'
import { AuthError, InteractionRequiredError } from './errors.ts'
import type { Platform } from './platform.ts'
import type { Http } from './protocol/http.ts'
import { interactionReason } from './protocol/oauth-error.ts'
import { refresh } from './protocol/refresh.ts'
import type { TokenGrant } from './protocol/token-grant.ts'
import { serverText } from './server-text.ts'
import { accessTokenOf, refreshedToken } from './tokens/grant-records.ts'
import { planRefresh } from './tokens/refresh-plan.ts'
import type { TokenCache } from './tokens/token-cache.ts'
import type { AccessTokenRecord, RefreshTokenRecord, TokenQuery } from './tokens/token-record.ts'
import type { StoreChange, TokenStore } from './tokens/token-store.ts'

export interface RenewDeps {
  readonly platform: Platform
  readonly clientId: string
  readonly store: TokenStore
  readonly cache: TokenCache
  readonly accounts: AccountRegistry
  readonly metadataOf: MetadataSource
  readonly http: Http
}

/** Redeems the refresh token of the account and keeps what comes. Called under the refresh lock. */
export async function renew(query: TokenQuery, deps: RenewDeps): Promise<AccessTokenRecord> {
  const { cache, accounts } = deps
  const owner = accounts.record(query.account)
  if (!owner) throw new AuthError('account_not_found', 'The account is not signed in here.')

  let held = await cache.refreshToken(query.account)
  if (!held) throw needsUser('no_tokens', 'No refresh token is held for the account.', query)
  for (;;) {
    try {
      return await redeem(query, held, owner, deps)
    } catch (error) {
      if (!isRefusal(error)) throw error
      // Without Web Locks another tab may have rotated the token: then the newer one is still good.
      const current = await cache.refreshToken(query.account)
      if (!current || current.token === held.token) throw await refused(error, query, held, deps)
      held = current
    }
  }
}

async function redeem(
  query: TokenQuery,
  held: RefreshTokenRecord,
  owner: AccountRecord,
  deps: RenewDeps,
): Promise<AccessTokenRecord> {
  const { platform, clientId, cache, metadataOf, http } = deps
  const plan = planRefresh(held, query.scopes)
  if (plan.type === 'declined')
    throw needsUser('consent', 'Every scope that is asked for was declined before.', query)

  const asked = plan.type === 'ask' ? plan.scopes : []
  const metadata = await metadataOf(owner.authority)
  const grant = await refresh(
    {
      refreshToken: held.token,
      scopes: plan.type === 'ask' ? plan.scopes : undefined,
      assumedScopes: plan.type === 'ask' ? plan.scopes : plan.assumed,
      resource: query.resource || undefined,
    },
    { metadata, clientId, http, now: platform.now },
  )

  const access = accessTokenOf(grant, query)
  await keepRenewed(deps, renewedOwner(owner, grant), [
    ...cache.keep(access),
    ...cache.keep(refreshedToken(held, grant, asked)),
  ])
  platform.log('info', `Renewed: ${serverText(access.grantedScopes.join(' ')) ?? 'no scopes'}.`)
  return access
}

/** Writes what a renewal brought, unless the account was removed meanwhile, here or in another tab. */
export async function keepRenewed(
  { store, cache, accounts }: Pick<RenewDeps, 'store' | 'cache' | 'accounts'>,
  owner: AccountRecord,
  tokens: readonly StoreChange[],
): Promise<void> {
  const { account } = owner
  const applied =
    accounts.record(account) &&
    (await store.write([...accounts.putChanges(owner), ...tokens], accounts.nameOf(account)))
  if (!applied)
    throw new AuthError('account_not_found', 'The account was removed while its token was renewed.')
  accounts.put(owner)
  cache.forget(accountKey(account))
}

/** The account with its newer ID token, which must be about the same person (OpenID Connect Core 12.2). */
function renewedOwner(owner: AccountRecord, grant: TokenGrant): AccountRecord {
  const { idToken, idTokenClaims } = grant
  if (idToken === undefined || !idTokenClaims) return owner
  const before = owner.account.idTokenClaims
  if (idTokenClaims.sub !== before.sub || idTokenClaims.iss !== before.iss) {
    throw new AuthError('invalid_id_token', 'The refreshed ID token is about somebody else.')
  }
  // A refreshed ID token may say less than the first one did.
  const account = accountFromClaims({ ...before, ...idTokenClaims })
  return { ...owner, account, idToken }
}

const isRefusal = (error: unknown): error is AuthError =>
  error instanceof AuthError && error.code === 'token_request_failed'

/** What the refusal of a refresh token means to the caller. */
async function refused(
  error: AuthError,
  query: TokenQuery,
  held: RefreshTokenRecord,
  { cache, platform }: RenewDeps,
): Promise<AuthError> {
  if (error.oauth?.error === 'invalid_grant')
    await cache.dropRefreshToken(query.account, held.token)
  // Some providers refuse a dead refresh token with a status alone.
  const reason = error.oauth ? interactionReason(error.oauth.error) : 'login'
  platform.log('info', `The refresh token was refused: ${error.oauth?.error ?? 'no OAuth error'}`)
  return reason ? needsUser(reason, error.message, query, error) : error
}

const needsUser = (
  reason: InteractionRequiredError['reason'],
  message: string,
  { account, resource, scopes }: TokenQuery,
  error?: AuthError,
) =>
  new InteractionRequiredError(
    reason,
    message,
    { scopes, resource: resource || undefined, loginHint: account.username },
    { cause: error, oauth: error?.oauth },
  )
