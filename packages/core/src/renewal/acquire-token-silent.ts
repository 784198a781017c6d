import { isTransient } from '../errors/errors.ts'
import { InteractionRequiredError } from '../errors/interaction-required.ts'
import type { Platform } from '../platform/platform.ts'
import { createSingleFlight } from '../platform/single-flight.ts'
import { OUTCOME, STEP } from '../platform/trace-step.ts'
import { tokenSetKey } from '../records/keys/first-keys.ts'
import { isYoungEnough } from '../tokens/sign-in-age.ts'
import type { TokenCache } from '../tokens/token-cache.ts'
import { isUnexpired, isUsableInOutage } from '../tokens/token-lifetime.ts'
import { grantOwnerKey, isUser, type TokenOwner } from '../tokens/token-owner.ts'
import { indicatorOf } from '../tokens/token-query.ts'
import {
  type AccessTokenRecord,
  type IsGood,
  isFresh,
  type TokenQuery,
} from '../tokens/token-record.ts'
import { type CallTrace, hitOrMiss, traced } from '../trace/trace.ts'
import { createForcedLimit } from './forced-limit.ts'
import { createRenewalLimit, SHORTEST_INTERVAL_MS } from './renewal-limit.ts'

export interface AcquireOptions {
  /**
   * Accept only a token that arrived after this instant, in milliseconds since the epoch. Set it if an older token
   * was refused, or is due for renewal.
   */
  readonly issuedAfterMs?: number | undefined
  /** Takes note of the steps of the call. */
  readonly trace?: CallTrace | undefined
}

/** An access token, and whether it was in the cache. */
export interface SilentAnswer {
  readonly record: AccessTokenRecord
  readonly fromCache: boolean
}

/**
 * Acquires a token without the user: from memory, from the store, or with the refresh token. Callers with the same query
 * share one renewal, in this tab and across tabs.
 */
export function createAcquireTokenSilent<Owner extends TokenOwner>(deps: {
  platform: Pick<Platform, 'now' | 'withLock' | 'monotonicMs'>
  /** The name of the lock under which the token of a query is renewed: one lock for each grant that may be rotated. */
  lockOf: (grantOwnerKey: string, query: TokenQuery<Owner>) => string
  cache: TokenCache
  /** Gets a token from the provider and stores it. Throws `InteractionRequiredError` if the user must interact. */
  renew: (query: TokenQuery<Owner>, trace?: CallTrace) => Promise<AccessTokenRecord>
}) {
  const { platform, lockOf, cache, renew } = deps
  const singleFlight = createSingleFlight<SilentAnswer>()
  const limit = createRenewalLimit(platform.monotonicMs)
  const forcedTurn = createForcedLimit(platform.monotonicMs)
  /** The queries that this tab is renewing. */
  const renewing = new Set<string>()

  return async function acquireTokenSilent(
    query: TokenQuery<Owner>,
    { issuedAfterMs, trace }: AcquireOptions = {},
  ): Promise<SilentAnswer> {
    const find = async (isGood: IsGood = isFresh) =>
      newEnough(await cache.find(query, platform.now(), isGood))
    // The cache never answers a claims request, or a request for another tenant of Entra.
    const newEnough = (record: AccessTokenRecord | undefined) =>
      record &&
      query.claims === undefined &&
      (query.authority === undefined || !query.dialect.hasTenants) &&
      isYoungEnough(record, query.maxAgeMs, platform.now()) &&
      (issuedAfterMs === undefined || arrivedAtMs(record) > issuedAfterMs)
        ? record
        : undefined

    assertOwnAuthority(query)
    // 1. Memory, then the store. During a renewal, a token that has not expired is good enough.
    const beganMs = trace?.now() ?? 0
    const peeked = newEnough(cache.peek(query, platform.now()))
    trace?.note(STEP.memory, hitOrMiss(peeked), beganMs)
    if (peeked) return { record: peeked, fromCache: true }
    const question = questionOf(query)
    // The limit would answer with the last token, which does not serve a forced refresh or a claims request.
    const isLimited =
      !query.forceRefresh &&
      [query.claims, query.authority, query.maxAgeMs].every((value) => value === undefined)
    const isGood = isLimited ? isFreshOrNew : isFresh
    const lookUp = () =>
      isLimited && limit.isReached(question, platform.now())
        ? cache.find(query, platform.now(), () => true)
        : find(renewing.has(question) ? isUnexpired : isFresh)
    const held = await traced(trace, STEP.store, lookUp, hitOrMiss)
    if (held) return { record: held, fromCache: true }

    async function askOthersThenProvider(): Promise<SilentAnswer> {
      // 4. Another tab may have renewed while we waited.
      const renewed = await traced(trace, STEP.store, () => find(isGood), hitOrMiss)
      if (renewed) return { record: renewed, fromCache: true }
      const record = await renew(query, trace)
      limit.note(question, record)
      return { record, fromCache: false }
    }

    // 2. One renewal per query in this tab. 3. One renewal per refresh token in this browser.
    let isFirst = false
    const flight = singleFlight(`${issuedAfterMs !== undefined} ${question}`, async () => {
      isFirst = true
      renewing.add(question)
      try {
        if (!isLimited) await forcedTurn(question)
        const lock = lockOf(grantOwnerKey(query.owner), query)
        return await underLock(trace, (held) =>
          platform.withLock(lock, () => {
            held()
            return askOthersThenProvider()
          }),
        )
      } catch (error) {
        // During an outage, a token is used until it expires, or longer if the provider allows it.
        const last = isTransient(error) && (await find(isUsableInOutage))
        if (!last) throw error
        return { record: last, fromCache: true }
      } finally {
        renewing.delete(question)
      }
    })
    const outcomeOf = () => (isFirst ? OUTCOME.done : OUTCOME.joined)
    return traced(trace, STEP.flight, () => flight, outcomeOf)
  }
}

/** Notes the wait for a lock as a step. `wait` calls its argument when the lock is held. */
function underLock<T>(
  trace: CallTrace | undefined,
  wait: (held: () => void) => Promise<T>,
): Promise<T> {
  if (!trace) return wait(() => undefined)
  const sinceMs = trace.now()
  let isHeld = false
  const working = wait(() => {
    isHeld = true
    trace.note(STEP.lock, OUTCOME.done, sinceMs)
  })
  return working.catch((error) => {
    if (!isHeld) trace.note(STEP.lock, OUTCOME.failed, sinceMs)
    throw error
  })
}

const questionOf = (query: TokenQuery<TokenOwner>): string => {
  const { scopeKeys, authority, claims, maxAgeMs } = query
  return JSON.stringify([tokenSetKey(query), scopeKeys, authority, claims, maxAgeMs])
}

/** Throws if the request names another issuer: the tokens of an account go to its own issuer only. */
function assertOwnAuthority(query: TokenQuery<TokenOwner>) {
  const { owner, dialect, authority, requestedScopes, claims } = query
  if (authority === undefined || !isUser(owner) || dialect.servesAccount(authority, owner)) return
  throw new InteractionRequiredError(
    'no_account',
    `The account belongs to ${owner.environment}, but the request names another authority.`,
    { scopes: requestedScopes, resource: indicatorOf(query), claims, authority },
  )
}

/** Also true for a token that another tab received less than a second ago, even if its lifetime is very short. */
const isFreshOrNew: IsGood = (record, nowMs) => {
  const ageMs = nowMs - arrivedAtMs(record)
  return isFresh(record, nowMs) || (ageMs >= 0 && ageMs < SHORTEST_INTERVAL_MS)
}

/** When the token response arrived, in milliseconds since the epoch. A token that arrived after a call is new to it. */
export const arrivedAtMs = ({ receivedAtMs, issuedAtMs }: AccessTokenRecord): number =>
  receivedAtMs ?? issuedAtMs
