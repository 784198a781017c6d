import { accessTokenOf } from '@carnet/core/network'
import { assertionOwner, type GrantRequest } from '@carnet/core/services'
import type { ExchangeRequest, OnBehalfOfRequest } from '../api/requests.ts'
import { checkToken } from '../context/check-request.ts'
import type { Runtime } from '../context/runtime.ts'
import type { Acquire } from './acquire.ts'
import { exchangeRequest, hashOf, onBehalfOfRequest } from './assertions.ts'
import { keepDetails } from './owner-details.ts'
import type { Queries } from './queries.ts'
import type { Renew, ServiceQuery } from './service-query.ts'
import { detailsOf, orInteraction } from './token-requests.ts'

/** The details of an owner live longer than its token by this time, because an owner may have several tokens. */
const DETAILS_RESERVE_MS = 24 * 3_600_000

/** Creates the operations on tokens for users of assertions. */
export function createUserTokens(runtime: Runtime, acquire: Acquire, queries: Queries) {
  const { config, cache, store, memory } = runtime

  const renewBy =
    (requestOf: (query: ServiceQuery) => GrantRequest | Promise<GrantRequest>): Renew =>
    async (query) => {
      const request = await requestOf(query)
      const grant = await runtime.send(request).catch((error) => {
        throw orInteraction(error, query)
      })
      const record = accessTokenOf(grant, query, query.requestedScopes)
      const details = detailsOf(grant, config)
      await store.write([
        ...cache.keep(record),
        keepDetails(runtime, record.owner, details, record.expiresAtMs + DETAILS_RESERVE_MS),
      ])
      memory.remember(query, record)
      memory.noteDetails(record.owner, details)
      return record
    }

  return {
    async acquireTokenOnBehalfOf(request: OnBehalfOfRequest) {
      const { assertion } = request
      checkToken(assertion, 'assertion', config.dialect.name === 'entra')
      const owner = assertionOwner(hashOf(runtime, assertion))
      const renew = renewBy((query) => onBehalfOfRequest(query, assertion, runtime, false))
      return acquire(queries.of(owner, request), renew, request)
    },

    async exchange(request: ExchangeRequest) {
      const { subjectToken, subjectTokenType = '', actorToken = '', actorTokenType = '' } = request
      const { audience = '', requestedTokenType = '' } = request
      checkToken(subjectToken, 'subjectToken', subjectTokenType.endsWith(':jwt'))
      if (request.actorToken !== undefined)
        checkToken(actorToken, 'actorToken', actorTokenType.endsWith(':jwt'))
      const terms = [subjectTokenType, actorToken, actorTokenType, audience, requestedTokenType]
      const owner = assertionOwner(hashOf(runtime, subjectToken, ...terms))
      const renew = renewBy((query) => exchangeRequest(query, request, runtime))
      return acquire(queries.of(owner, request), renew, request)
    },
  }
}
