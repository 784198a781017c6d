import {
  type Account,
  AuthError,
  type AuthorityProfile,
  accountKey,
  createAccountRegistry,
  createTokenCache,
  oidcDialect,
  partitionOf,
  profileOf,
  type RefreshTokenRecord,
  refreshTokenKey,
  toScopeValues,
  toTokenQuery,
} from '@carnet/core'
import { dialect as auth0Dialect } from '@carnet/core/auth0'
import { dialect as entraDialect } from '@carnet/core/entra'
import type { CacheOptions } from '../api/options.ts'
import { openStore } from '../storage/open-store.ts'

const DIALECTS = { oidc: oidcDialect, entra: entraDialect, auth0: auth0Dialect }

/** The session of a test. */
export interface SeedOptions {
  /** The `clientId` of the client under test. */
  clientId: string
  /** The `authority` of the client under test. */
  authority: string
  /** The `authorityProfile` of the client under test. Default `auto`. */
  authorityProfile?: 'auto' | AuthorityProfile
  /** On Entra, `uid.utid` of the account. Default: its `sub`. */
  homeAccountId?: string
  /** The `cache` of the client under test. Not `memory`, which is lost at the next load. */
  cache?: CacheOptions
  /** The claims of the ID token; `sub` is the user. */
  account: { readonly sub: string; readonly [claim: string]: unknown }
  tokens?: readonly SeedToken[]
  /** A refresh token for the scopes of `tokens`. Default: none, so an expired token causes `InteractionRequiredError`. */
  refreshToken?: string
}

export interface SeedToken {
  readonly scopes: readonly string[]
  readonly resource?: string
  /** The access token. Default: a text that no API accepts. */
  readonly accessToken?: string
  /** The lifetime in seconds from now; below 0 for an expired token. Default 3600. */
  readonly expiresIn?: number
}

const OIDC_SCOPES = ['openid', 'profile', 'offline_access']

/**
 * Puts an account with tokens into the cache of this origin, with the library's own code. Call it before `createAuthClient`, in
 * the page (Vitest browser mode), or from Playwright with `@carnet/browser/testing/playwright`. The account becomes active.
 *
 * @throws AuthError `storage_unavailable` if the session would not survive a reload.
 */
export async function seedSession(options: SeedOptions): Promise<Account> {
  const {
    clientId,
    authority,
    authorityProfile = 'auto',
    cache = {},
    tokens = [],
    refreshToken,
  } = options
  const { location = 'indexeddb', name = 'carnet' } = cache
  if (location === 'memory')
    throw new AuthError('storage_unavailable', 'A session in memory ends with the page.')

  const nowMs = Date.now()
  const claims = {
    iss: authority,
    aud: clientId,
    iat: Math.floor(nowMs / 1000),
    ...options.account,
  }
  const profile = profileOf(authority, authorityProfile)
  const dialect = DIALECTS[profile]
  const account = dialect.accountOf(claims, authority, options.homeAccountId)
  const partition = partitionOf(authority, clientId, profile)
  const failures: unknown[] = []
  const store = await openStore({ location, name }, (cause) => failures.push(cause))
  const registry = createAccountRegistry(partition, store)
  const tokenCache = createTokenCache(partition, store)
  await registry.load()

  const key = accountKey(account)
  const grantedScopes = toScopeValues([
    ...OIDC_SCOPES,
    ...tokens.flatMap(({ scopes }) => [...scopes]),
  ])
  const refresh: RefreshTokenRecord | undefined =
    refreshToken === undefined
      ? undefined
      : {
          owner: refreshTokenKey(account),
          token: refreshToken,
          requestedScopes: grantedScopes,
          grantedScopes,
          issuedAtMs: nowMs,
        }
  await store.write([
    ...registry.put({ account, idToken: unsignedIdToken(claims), authority }),
    ...registry.activate(account),
    ...tokenCache.keep(refresh),
  ])
  const changes = tokens.flatMap(({ scopes, resource, accessToken, expiresIn = 3600 }) => {
    const query = toTokenQuery(account, scopes, { dialect, resource })
    const expiresAtMs = nowMs + expiresIn * 1000
    return tokenCache.keep({
      owner: key,
      resource: query.resource,
      requestedScopes: query.scopeKeys,
      grantedScopes: query.scopeKeys,
      grantedTexts: query.requestedScopes,
      token: accessToken ?? `seeded-access-token-for-${scopes.join('-')}`,
      tokenType: 'Bearer',
      issuedAtMs: Math.min(nowMs, expiresAtMs - 1),
      expiresAtMs,
    })
  })
  for (let at = 0; at < changes.length; at += CHANGES_PER_WRITE)
    await store.write(changes.slice(at, at + CHANGES_PER_WRITE))
  store.close()
  if (failures.length > 0)
    throw new AuthError('storage_unavailable', 'The session could not be stored.', {
      cause: failures[0],
    })
  return account
}

/** A store limits each write to a few seconds, so many tokens are written in parts. */
const CHANGES_PER_WRITE = 500

/** An unsigned ID token. It serves as a hint, but no provider accepts it as proof. */
function unsignedIdToken(claims: object): string {
  const encode = (value: object) => {
    const bytes = new TextEncoder().encode(JSON.stringify(value))
    return btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '')
  }
  return `${encode({ alg: 'none' })}.${encode(claims)}.`
}
