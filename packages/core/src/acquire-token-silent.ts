import { accountKey, refreshTokenKey } from './accounts/account.ts'
import { servesAccount } from './authority/serves-account.ts'
import { AuthError, InteractionRequiredError } from './errors.ts'
import type { Platform } from './platform.ts'
import { createSingleFlight } from './single-flight.ts'
import type { TokenCache } from './tokens/token-cache.ts'
import type { AccessTokenRecord, TokenQuery } from './tokens/token-record.ts'

export interface SilentOptions {
  /**
   * Only a token that came after this instant will do (milliseconds since the epoch): what is older is known to
   * be of no use, or due for renewal.
   */
  readonly newerThanMs?: number | undefined
}

export interface SilentAnswer {
  readonly record: AccessTokenRecord
  readonly fromCache: boolean
}

/**
 * The way to a token without the user: memory, store, refresh token. Whoever asks for the same while
 * a renewal is under way, in this tab or another, shares its outcome.
 */
export function createAcquireTokenSilent(deps: {
  platform: Pick<Platform, 'now' | 'withLock'>
  clientId: string
  cache: TokenCache
  /** Redeems the refresh token and stores what comes, or says that the user must interact. */
  renew: (query: TokenQuery) => Promise<AccessTokenRecord>
}) {
  const { platform, clientId, cache, renew } = deps
  const singleFlight = createSingleFlight<SilentAnswer>()
  /** Until when the provider wants to be left alone, per account. */
  const pauses = new Map<string, AuthError>()

  return async function acquireTokenSilent(
    query: TokenQuery,
    { newerThanMs }: SilentOptions = {},
  ): Promise<SilentAnswer> {
    const isNewEnough = (record: AccessTokenRecord | undefined) =>
      record && (newerThanMs === undefined || arrivedAtMs(record) > newerThanMs)
        ? record
        : undefined

    assertOwnAuthority(query)
    // 1. Memory, then the store.
    const nowMs = platform.now()
    const held = isNewEnough(cache.peek(query, nowMs) ?? (await cache.find(query, nowMs)))
    if (held) return { record: held, fromCache: true }

    const account = accountKey(query.account)
    const question = [
      account,
      query.resource,
      query.scopes.join(' '),
      query.authority,
      query.claims,
    ]
    const flight = JSON.stringify([newerThanMs !== undefined, ...question])
    // 2. One renewal per question in this tab, 3. one per refresh token in this browser.
    return singleFlight(flight, () =>
      platform.withLock(
        `carnet.refresh|${clientId}|${refreshTokenKey(query.account)}`,
        async () => {
          // 4. Another tab may have renewed while we waited.
          const renewed = isNewEnough(await cache.find(query, platform.now()))
          return renewed ? { record: renewed, fromCache: true } : ask(query, account)
        },
      ),
    )
  }

  async function ask(query: TokenQuery, account: string): Promise<SilentAnswer> {
    try {
      const pause = pauses.get(account)
      if (pause && platform.now() < (pause.retryAtMs ?? 0)) throw pause
      pauses.delete(account)
      return { record: await renew(query), fromCache: false }
    } catch (error) {
      if (!isPassing(error)) throw error
      if (error.retryAtMs !== undefined) pauses.set(account, error)
      // While the provider is down, a token may serve longer than it was meant to, where it said so.
      const extended =
        query.claims === undefined && (await cache.findExtended(query, platform.now()))
      if (!extended) throw error
      return { record: extended, fromCache: true }
    }
  }
}

/** Neither the tokens nor the refresh token of one issuer are for another one that a request names. */
function assertOwnAuthority({ account, profile, authority, texts, resource, claims }: TokenQuery) {
  if (authority === undefined || servesAccount(authority, account, profile)) return
  throw new InteractionRequiredError(
    'no_account',
    `The account is of ${account.environment}, and the request names another authority.`,
    {
      scopes: texts,
      resource: profile === 'oidc' && resource !== '' ? resource : undefined,
      claims,
      authority,
    },
  )
}

/** When a token came. A caller who asked before that has something new in it. */
export const arrivedAtMs = ({ receivedAtMs, issuedAtMs }: AccessTokenRecord): number =>
  receivedAtMs ?? issuedAtMs

/** A failure that passes: the provider or the way to it, and nothing that was said of the session. */
export const isPassing = (error: unknown): error is AuthError =>
  error instanceof AuthError &&
  (error.code === 'server_error' || error.code === 'network_error' || error.code === 'timeout')
