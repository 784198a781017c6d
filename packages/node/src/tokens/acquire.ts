import { randomUUID } from 'node:crypto'
import {
  type AccessTokenRecord,
  AuthError,
  arrivedAtMs,
  type CallTrace,
  createAcquireTokenSilent,
  keepTrace,
  STEP,
  stopWaitingOn,
  type TokenQuery,
  traced,
} from '@carnet/core'
import { queryKey } from '@carnet/core/services'
import type { ServiceRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { NO_DETAILS } from '../cache/owner-details.ts'
import type { Runtime } from '../context/runtime.ts'
import { createBackgroundRenewals } from './background-renewals.ts'
import { hasKeyOf, isProvable } from './held-keys.ts'
import { createPauses } from './pauses.ts'
import { toResult } from './result.ts'
import type { Renew, ServiceOwner, ServiceQuery } from './service-query.ts'
import { createStoreReads } from './store-reads.ts'

/** The answers of one client, by their source. */
export interface Answers {
  memory: number
  store: number
  provider: number
}

/**
 * Creates the function that answers every request: from memory, from the store, else from the provider. Callers with the same
 * question share one request, in this process and, with a shared store, over all machines. A token that is due for renewal is
 * renewed in the background; no caller waits for that or fails because of it.
 */
export function createAcquire(runtime: Runtime) {
  const { config, platform, cache, memory, lockNameOf } = runtime
  const answers: Answers = { memory: 0, store: 0, provider: 0 }
  const renewals = new WeakMap<object, () => Promise<AccessTokenRecord>>()
  const keyOf = (query: TokenQuery<ServiceOwner>) => queryKey(config.partition, query)
  const unlessPaused = createPauses(platform.now)
  /** The renewals on the way, whose answers may hold the only valid refresh token. */
  const underway = new Set<Promise<unknown>>()
  const { fromStore, detailsOf } = createStoreReads(runtime)
  let isClosed = false

  const acquireTokenSilent = createAcquireTokenSilent<ServiceOwner>({
    platform,
    cache,
    // Only the refresh token of a session is rotated. All other tokens may be renewed side by side.
    lockOf: (owner, query) => lockNameOf(query.owner.type === 'session' ? owner : keyOf(query)),
    async renew(query, trace) {
      // A request that begins after `close` may lose its answer.
      if (isClosed) throw closed()
      const renew = renewals.get(query)
      if (!renew) throw new AuthError('invalid_request', 'The query has no renewal.')
      const renewal = traced(trace, STEP.refresh, () =>
        unlessPaused(keyOf(query), query.forceRefresh ?? false, renew),
      )
      underway.add(renewal)
      return renewal.finally(() => underway.delete(renewal))
    },
  })

  const renewInBackground = createBackgroundRenewals(platform, (query, record, renew) => {
    renewals.set(query, () => renew(query))
    return acquireTokenSilent(query, { issuedAfterMs: arrivedAtMs(record) })
  })

  async function fromStoreOrProvider(
    query: ServiceQuery,
    renew: Renew,
    { forceRefresh, signal }: ServiceRequest,
    trace: CallTrace,
  ) {
    renewals.set(query, () => renew(query))
    const issuedAfterMs = forceRefresh ? platform.now() : undefined
    const answer = await stopWaitingOn(signal, acquireTokenSilent(query, { issuedAfterMs, trace }))
    return { ...answer, details: await detailsOf(query.owner) }
  }

  async function acquire(
    query: ServiceQuery,
    renew: Renew,
    request: ServiceRequest,
  ): Promise<AuthenticationResult> {
    const { forceRefresh, claims, correlationId } = request
    if (isClosed) throw closed()
    const mayBeCached = !forceRefresh && !claims
    const held = mayBeCached ? memory.peek(query, platform.now()) : undefined
    const details = held && (query.owner.type === 'app' ? NO_DETAILS : memory.detailsOf(held.owner))
    if (held && details && !request.signal?.aborted && isProvable(runtime, held)) {
      answers.memory += 1
      renewInBackground(query, held, renew)
      return toResult(config, held, details, { fromCache: true, correlationId })
    }
    const trace = runtime.trace.begin()
    try {
      const stored = mayBeCached ? fromStore(query, held, trace) : undefined
      const cached =
        (stored && (await stopWaitingOn(request.signal, stored))) ??
        (await fromStoreOrProvider(query, renew, request, trace))
      // A token whose key is lost is useless: another token takes its place.
      const isUsable = !cached.fromCache || (await hasKeyOf(runtime, cached.record))
      const found = isUsable
        ? cached
        : await fromStoreOrProvider(query, renew, { ...request, forceRefresh: true }, trace)
      const { record, fromCache } = found
      answers[fromCache ? 'store' : 'provider'] += 1
      if (fromCache) renewInBackground(query, record, renew)
      const how = { fromCache, correlationId, trace: trace.steps }
      return toResult(config, record, found.details, how)
    } catch (error) {
      if (error instanceof AuthError) error.correlationId ??= correlationId ?? randomUUID()
      throw keepTrace(error, trace.steps)
    }
  }

  return {
    acquire,
    answers: () => ({ ...answers }),
    /** Refuses further calls, and resolves when the renewals on the way are stored. */
    async close(): Promise<void> {
      isClosed = true
      await Promise.allSettled(underway)
    },
  }
}

export type Acquire = ReturnType<typeof createAcquire>['acquire']

const closed = () => new AuthError('client_closed', 'The client was closed.')
