import { servesAccount } from '../dialects/serves-account.ts'
import { isTransient } from '../errors/errors.ts'
import { InteractionRequiredError } from '../errors/interaction-required.ts'
import type { Platform } from '../platform/platform.ts'
import { createSingleFlight } from '../platform/single-flight.ts'
import { queryShelfKey } from '../records/shelf-keys.ts'
import { isLastResort, isValid } from '../tokens/last-of-life.ts'
import { isYoungEnough } from '../tokens/sign-in-age.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import { grantOwnerKey, isUser, type TokenOwner } from '../tokens/token-owner.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import {
  type AccessTokenRecord,
  type IsGood,
  isFresh,
  type TokenQuery,
} from '../tokens/token-record.ts'
import { createForcedLimit } from './forced-limit.ts'
import { createRenewalLimit, SHORTEST_INTERVAL_MS } from './renewal-limit.ts'

export interface AcquireOptions {
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
export function createAcquireTokenSilent<Owner extends TokenOwner>(deps: {
  platform: Pick<Platform, 'now' | 'withLock' | 'monotonicMs'>
  /** The name of the lock under which the tokens of an owner are renewed. */
  lockOf: (grantOwnerKey: string) => string
  cache: TokenCache
  /** Gets a token from the provider and stores it, or says that the user must interact. */
  renew: (query: TokenQuery<Owner>) => Promise<AccessTokenRecord>
}) {
  const { platform, lockOf, cache, renew } = deps
  const singleFlight = createSingleFlight<SilentAnswer>()
  const limit = createRenewalLimit(platform.monotonicMs)
  const forcedTurn = createForcedLimit(platform.monotonicMs)
  /** What is being renewed in this tab. */
  const renewing = new Set<string>()

  return async function acquireTokenSilent(
    query: TokenQuery<Owner>,
    { newerThanMs }: AcquireOptions = {},
  ): Promise<SilentAnswer> {
    const find = async (isGood: IsGood = isFresh) =>
      newEnough(await cache.find(query, platform.now(), isGood))
    // What a claims request is answered with was got for it, and a tenant that is new to the account has nothing yet.
    const newEnough = (record: AccessTokenRecord | undefined) =>
      record &&
      query.claims === undefined &&
      (query.authority === undefined || query.profile === 'oidc') &&
      isYoungEnough(record, query.maxAgeMs, platform.now()) &&
      (newerThanMs === undefined || arrivedAtMs(record) > newerThanMs)
        ? record
        : undefined

    assertOwnAuthority(query)
    // 1. Memory, then the store. While a newer one is on its way, what is valid still will do.
    const peeked = newEnough(cache.peek(query, platform.now()))
    if (peeked) return { record: peeked, fromCache: true }
    const question = questionOf(query)
    // A caller who insists, or who wants other claims, is not served with the last token.
    const isLimited =
      !query.insists &&
      [query.claims, query.authority, query.maxAgeMs].every((value) => value === undefined)
    const isGood = isLimited ? isFreshOrNew : isFresh
    const held =
      isLimited && limit.isReached(question, platform.now())
        ? await cache.find(query, platform.now(), () => true)
        : await find(renewing.has(question) ? isValid : isFresh)
    if (held) return { record: held, fromCache: true }

    async function askOthersThenProvider(): Promise<SilentAnswer> {
      // 4. Another tab may have renewed while we waited.
      const renewed = await find(isGood)
      if (renewed) return { record: renewed, fromCache: true }
      const record = await renew(query)
      limit.note(question, record)
      return { record, fromCache: false }
    }

    // 2. One renewal per question in this tab, 3. one per refresh token in this browser.
    return singleFlight(`${newerThanMs !== undefined} ${question}`, async () => {
      renewing.add(question)
      try {
        if (!isLimited) await forcedTurn(question)
        const lock = lockOf(grantOwnerKey(query.owner))
        return await platform.withLock(lock, askOthersThenProvider)
      } catch (error) {
        // While the provider is down, a token may serve to its end, or further where it said so.
        const last = isTransient(error) && (await find(isLastResort))
        if (!last) throw error
        return { record: last, fromCache: true }
      } finally {
        renewing.delete(question)
      }
    })
  }
}

const questionOf = (query: TokenQuery<TokenOwner>): string => {
  const { scopes, authority, claims, maxAgeMs } = query
  return JSON.stringify([queryShelfKey(query), scopes, authority, claims, maxAgeMs])
}

/** Neither the tokens nor the refresh token of one issuer are for another one that a request names. */
function assertOwnAuthority(query: TokenQuery<TokenOwner>) {
  const { owner, profile, authority, texts, claims } = query
  if (authority === undefined || !isUser(owner) || servesAccount(authority, owner, profile)) return
  throw new InteractionRequiredError(
    'no_account',
    `The account is of ${owner.environment}, and the request names another authority.`,
    { scopes: texts, resource: indicatorOf(query), claims, authority },
  )
}

/** A token that arrived in another tab less than a second ago serves, however short it lives. */
const isFreshOrNew: IsGood = (record, nowMs) => {
  const ageMs = nowMs - arrivedAtMs(record)
  return isFresh(record, nowMs) || (ageMs >= 0 && ageMs < SHORTEST_INTERVAL_MS)
}

/** When a token came. A caller who asked before that has something new in it. */
export const arrivedAtMs = ({ receivedAtMs, issuedAtMs }: AccessTokenRecord): number =>
  receivedAtMs ?? issuedAtMs
