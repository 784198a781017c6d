import { accessTokenOf } from '@carnet/core/network'
import { assertionOwner, type GrantRequest } from '@carnet/core/services'
import type { ExchangeRequest, OnBehalfOfRequest } from '../api/requests.ts'
import { checkObject, checkText, checkToken } from '../context/check-request.ts'
import type { Runtime } from '../context/runtime.ts'
import type { Acquire } from './acquire.ts'
import { exchangeRequest, hashOf, onBehalfOfRequest } from './assertions.ts'
import { keepDetails } from './owner-details.ts'
import type { Queries } from './queries.ts'
import type { Renew, ServiceQuery } from './service-query.ts'
import { detailsOf, orInteraction } from './token-requests.ts'

const OPTIONAL_TEXTS = [
  'subjectTokenType',
  'actorTokenType',
  'audience',
  'requestedTokenType',
] as const

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
      // An owner may have several tokens: its details live twice as long as a token.
      const endMs = 2 * record.expiresAtMs - record.issuedAtMs
      const isKnown = details.account !== null
      await store.write([
        ...cache.keep(record),
        ...(isKnown ? [keepDetails(runtime, record.owner, details, endMs)] : []),
      ])
      memory.remember(query, record)
      memory.noteDetails(record.owner, details)
      return record
    }

  return {
    async acquireTokenOnBehalfOf(request: OnBehalfOfRequest) {
      checkObject(request)
      const { assertion } = request
      checkToken(assertion, 'assertion', config.dialect.name === 'entra')
      const owner = assertionOwner(hashOf(runtime, assertion))
      const renew = renewBy((query) => onBehalfOfRequest(query, assertion, runtime, false))
      return acquire(queries.of(owner, request), renew, request)
    },

    async exchange(request: ExchangeRequest) {
      checkObject(request)
      const { subjectToken, subjectTokenType = '', actorToken = '', actorTokenType = '' } = request
      const { audience = '', requestedTokenType = '' } = request
      for (const name of OPTIONAL_TEXTS) checkText(request[name], name)
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
