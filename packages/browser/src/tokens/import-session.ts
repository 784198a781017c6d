/** Puts a session of another library or of a server into the cache. Loads at the first use. */
import {
  type AccessTokenRecord,
  type Account,
  AuthError,
  accountKey,
  type IdTokenClaims,
  keysOf,
  lastingParameters,
  parameterKeys,
  type RefreshTokenRecord,
  refreshLockName,
  refreshTokenKey,
  requestParameters,
  type SignInTerms,
  toScopeValues,
  toTokenQuery,
} from '@carnet/core'
import { isFresh } from '@carnet/core/base'
import { type MetadataSource, unverifiedClaims, type VerifyIdToken } from '@carnet/core/network'
import type {
  ImportedAccessToken,
  ImportedRefreshToken,
  ImportedSession,
} from '../api/imported-session.ts'
import type { Context } from '../context/context.ts'

interface Provider {
  readonly metadataOf: MetadataSource
  /** Verifies the signature of an ID token, if the app wants that. */
  readonly verifyIdToken: VerifyIdToken | undefined
}

/**
 * Stores the account and the tokens of a session, in one write. Records that the cache holds already are newer, and stay: the ID token
 * of a later sign-in, a fresh access token, a refresh token.
 *
 * @throws AuthError `invalid_id_token` for an ID token of another issuer or client; `invalid_request` for a refresh token that
 * a worker would have to hold.
 */
export async function importSession(
  session: ImportedSession,
  context: Context,
  provider: Provider,
): Promise<Account> {
  const { config, platform, accounts, cache, store, announce } = context
  const { authority = config.authority, refreshToken } = session
  if (refreshToken && config.tokens === 'worker')
    throw new AuthError('invalid_request', 'A refresh token cannot be moved into the worker.')
  const claims = await claimsOf(session.idToken, authority, context, provider)
  const seen = config.dialect.accountOf(claims, authority, session.homeAccountId)
  const key = accountKey(seen)

  return platform.withLock(refreshLockName(config.group, refreshTokenKey(seen)), async () => {
    const before = accounts.recordOf(key)
    const terms = before?.signedInWith ?? (await termsOfClient(context))
    const isNewer = !before || issuedAt(before.account.idTokenClaims) < issuedAt(claims)
    const record = isNewer
      ? {
          ...before,
          account: seen,
          idToken: session.idToken,
          authority,
          ...(terms && { signedInWith: terms }),
          ...sessionStateOf(session),
        }
      : before
    const { account } = record
    const held = await cache.refreshTokens(account)
    const keeps = refreshToken !== undefined && held.length === 0
    const refresh = keeps
      ? {
          ...refreshRecord(session, refreshToken, account, claims, context),
          grantKey: terms?.grantKey,
        }
      : undefined
    const fresh = await accessRecords(session.accessTokens ?? [], account, terms, context)
    const activates = session.activates === true && accounts.activeId() !== key
    const changes = [
      ...accounts.putChanges(record),
      ...cache.keep(refresh),
      ...fresh.flatMap((one) => cache.keep(one)),
      ...(activates ? accounts.activate(account) : []),
    ]
    await store.write(changes)
    accounts.put(record)
    cache.forget(key)
    if (!before) announce.accountAdded(account)
    if (activates) announce.activeAccountChanged(account)
    announce.changed()
    return accounts.byKey(key) ?? account
  })
}

/** The terms of a sign-in with the parameters of the client, which later requests repeat; `undefined` without parameters. */
async function termsOfClient({
  config,
}: Pick<Context, 'config'>): Promise<SignInTerms | undefined> {
  const parameters = lastingParameters(requestParameters(config), config.dialect)
  const isEmpty = Object.keys({ ...parameters.authorization, ...parameters.token }).length === 0
  if (isEmpty) return undefined
  return { oidcScopes: [], parameters, ...(await parameterKeys(parameters, config.dialect)) }
}

/** The claims of an ID token for this client. Its age does not count: a refresh token may live longer. */
async function claimsOf(
  idToken: string,
  authority: string,
  { config }: Context,
  { metadataOf, verifyIdToken }: Provider,
): Promise<IdTokenClaims> {
  const invalid = (problem: string) =>
    new AuthError('invalid_id_token', `The ID token of the session ${problem}.`)
  const claims = unverifiedClaims(idToken)
  const { iss, sub, aud } = claims
  if (typeof iss !== 'string' || typeof sub !== 'string' || sub === '')
    throw invalid('has no `iss` or no `sub`')
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  if (!audiences.includes(config.clientId)) throw invalid('is for another client')
  const metadata = await metadataOf(authority)
  const known = { ...claims, iss, sub }
  if (config.dialect.expectedIssuer(metadata.issuer, authority, known) !== iss)
    throw invalid('is of another issuer')
  await verifyIdToken?.(idToken, metadata)
  return known
}

const sessionStateOf = ({ sessionState }: ImportedSession) =>
  sessionState === undefined ? {} : { sessionState }

const secondsOf = (value: unknown): number => (typeof value === 'number' ? value : 0)
const issuedAt = ({ iat }: IdTokenClaims): number => secondsOf(iat)

/** The records of the access tokens for which the cache has no fresh token. */
async function accessRecords(
  tokens: readonly ImportedAccessToken[],
  account: Account,
  terms: SignInTerms | undefined,
  { cache, config, platform }: Context,
): Promise<AccessTokenRecord[]> {
  const nowMs = platform.now()
  const records: AccessTokenRecord[] = []
  for (const { token, scopes, resource: indicator, expiresAtMs, response } of tokens) {
    const query = toTokenQuery(account, scopes, {
      dialect: config.dialect,
      resource: indicator,
      ...keysOf(terms ?? {}),
    })
    const record: AccessTokenRecord = {
      owner: accountKey(account),
      resource: query.resource,
      parametersKey: query.parametersKey,
      detailsKey: query.detailsKey,
      requestedScopes: query.scopeKeys,
      grantedScopes: query.scopeKeys,
      grantedTexts: query.requestedScopes,
      token,
      tokenType: 'Bearer',
      issuedAtMs: nowMs,
      expiresAtMs,
      response,
    }
    const held = await cache.find(query, nowMs)
    if (!held && isFresh(record, nowMs)) records.push(record)
  }
  return records
}

function refreshRecord(
  { accessTokens = [] }: ImportedSession,
  { token, scopes: granted, expiresAtMs, signedInAtMs }: ImportedRefreshToken,
  account: Account,
  { auth_time, iat }: IdTokenClaims,
  { config, platform }: Context,
): RefreshTokenRecord {
  const asked = ['openid', ...config.defaultScopes, ...accessTokens.flatMap(({ scopes }) => scopes)]
  const scopes = toScopeValues(granted ?? asked)
  const sinceSeconds = secondsOf(auth_time) || secondsOf(iat)
  return {
    owner: refreshTokenKey(account),
    token,
    requestedScopes: scopes,
    grantedScopes: scopes,
    issuedAtMs: platform.now(),
    signedInAtMs: signedInAtMs ?? (sinceSeconds > 0 ? sinceSeconds * 1000 : undefined),
    authTime: typeof auth_time === 'number' ? auth_time : undefined,
    expiresAtMs,
  }
}
