import { randomUUID } from 'node:crypto'
import {
  AuthError,
  arrivedAtMs,
  type CallTrace,
  createAcquireTokenSilent,
  keepTrace,
  STEP,
  stopWaitingOn,
  traced,
} from '@carnet/core'
import type { ServiceRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import { NO_DETAILS } from '../cache/owner-details.ts'
import type { Runtime } from '../context/runtime.ts'
import { createBackgroundRenewals } from './background-renewals.ts'
import { readDetails } from './owner-details.ts'
import { createPauses } from './pauses.ts'
import { toResult } from './result.ts'
import { questionOf, type Renew, type ServiceOwner, type ServiceQuery } from './service-query.ts'

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
  const { platform, cache, memory, lockNameOf } = runtime
  const answers: Answers = { memory: 0, store: 0, provider: 0 }
  const renewals = new WeakMap<object, Renew>()
  const unlessPaused = createPauses(platform.now)
  /** The renewals on the way, whose answers may hold the only valid refresh token. */
  const underway = new Set<Promise<unknown>>()
  let isClosed = false

  const acquireTokenSilent = createAcquireTokenSilent<ServiceOwner>({
    platform,
    cache,
    // Only the refresh token of a session is rotated. All other tokens may be renewed side by side.
    lockOf: (owner, query) =>
      lockNameOf(query.owner.type === 'session' ? owner : questionOf(query)),
    async renew(query, trace) {
      // A request that begins after `close` may lose its answer.
      if (isClosed) throw closed()
      const renew = renewals.get(query)
      if (!renew) throw new AuthError('invalid_request', 'The query has no renewal.')
      const renewal = traced(trace, STEP.refresh, () =>
        unlessPaused(questionOf(query), query.forceRefresh ?? false, () => renew(query)),
      )
      underway.add(renewal)
      return renewal.finally(() => underway.delete(renewal))
    },
  })

  const renewInBackground = createBackgroundRenewals(platform, (query, record, renew) => {
    renewals.set(query, renew)
    return acquireTokenSilent(query, { issuedAfterMs: arrivedAtMs(record) })
  })

  async function fromStoreOrProvider(
    query: ServiceQuery,
    renew: Renew,
    { forceRefresh, signal }: ServiceRequest,
    trace: CallTrace,
  ) {
    renewals.set(query, renew)
    const issuedAfterMs = forceRefresh ? platform.now() : undefined
    const answer = await stopWaitingOn(signal, acquireTokenSilent(query, { issuedAfterMs, trace }))
    answers[answer.fromCache ? 'store' : 'provider'] += 1
    const { owner } = query
    const details = owner.type === 'app' ? NO_DETAILS : await readDetails(runtime, owner.id)
    return { ...answer, details: details ?? NO_DETAILS }
  }

  async function acquire(
    query: ServiceQuery,
    renew: Renew,
    request: ServiceRequest,
  ): Promise<AuthenticationResult> {
    const { forceRefresh, claims, correlationId } = request
    if (isClosed) throw closed()
    const held = forceRefresh || claims ? undefined : memory.peek(query, platform.now())
    const details = held && (query.owner.type === 'app' ? NO_DETAILS : memory.detailsOf(held.owner))
    if (held && details && !request.signal?.aborted) {
      answers.memory += 1
      renewInBackground(query, held, renew)
      return toResult(runtime.config, held, details, { fromCache: true, correlationId })
    }
    const trace = runtime.trace.begin()
    try {
      const { record, fromCache, ...found } = await fromStoreOrProvider(
        query,
        renew,
        request,
        trace,
      )
      if (fromCache) renewInBackground(query, record, renew)
      const how = { fromCache, correlationId, trace: trace.steps }
      return toResult(runtime.config, record, found.details, how)
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
