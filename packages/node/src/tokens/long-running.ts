import { type SessionOwner, sessionOwner } from '@carnet/core/services'
import type { LongRunning } from '../api/confidential-client.ts'
import type { ServiceRequest } from '../api/requests.ts'
import { checkKey, checkObject, checkToken } from '../context/check-request.ts'
import type { Runtime } from '../context/runtime.ts'
import type { Acquire } from './acquire.ts'
import { hashOf } from './assertions.ts'
import { dropDetails, readDetails } from './owner-details.ts'
import type { Queries } from './queries.ts'
import type { ServiceQuery } from './service-query.ts'
import { createSessionRenewals } from './session-renewals.ts'

/** Creates the operations on long-running sessions. A session has a refresh token, which the provider may rotate. */
export function createLongRunning(
  runtime: Runtime,
  acquire: Acquire,
  queries: Queries,
): LongRunning {
  const { config, cache, store, memory, platform } = runtime
  const ownerOf = (key: string): SessionOwner => sessionOwner(hashOf(runtime, 'session', key))

  const { begin, refresh } = createSessionRenewals(runtime)
  const queryOf = (key: string, request: ServiceRequest): ServiceQuery<SessionOwner> =>
    queries.of(ownerOf(key), request)

  return {
    async begin(request) {
      checkObject(request)
      const { assertion, key = platform.randomId() } = request
      checkToken(assertion, 'assertion', config.dialect.name === 'entra')
      checkKey(key)
      const query = queryOf(key, request)
      const details = await readDetails(runtime, query.owner.id)
      const isSame = details?.assertion === hashOf(runtime, assertion)
      // Another assertion starts the session anew, although tokens of the earlier one may still be valid.
      const asked = isSame ? request : { ...request, forceRefresh: true }
      const insisting = isSame ? query : queryOf(key, asked)
      return { key, result: await acquire(insisting, begin(assertion), asked) }
    },

    async acquireToken(request) {
      checkObject(request)
      checkKey(request.key)
      return acquire(queryOf(request.key, request), refresh, request)
    },

    async end(key) {
      checkKey(key)
      const owner = ownerOf(key)
      await store.write([...cache.removal(owner, []), dropDetails(runtime, owner.id)])
      memory.forget(owner.id)
    },
  }
}
