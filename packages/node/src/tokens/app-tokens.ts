import { AuthError } from '@carnet/core'
import { accessTokenOf } from '@carnet/core/network'
import { type AppOwner, appOwner } from '@carnet/core/services'
import type { ServiceRequest } from '../api/requests.ts'
import { checkAppScopes, checkObject } from '../context/check-request.ts'
import type { Runtime } from '../context/runtime.ts'
import type { Acquire } from './acquire.ts'
import type { Queries } from './queries.ts'
import type { Renew } from './service-query.ts'
import { claimsParameter, resourceParameter } from './token-requests.ts'

/** Creates the operations on tokens for the app itself. */
export function createAppTokens(runtime: Runtime, acquire: Acquire, queries: Queries) {
  const { config, cache, store, memory } = runtime
  const owner: AppOwner = appOwner(config.clientId, config.tenant)

  const renew: Renew = async (query) => {
    const grant = await runtime.send({
      grantType: 'client_credentials',
      parameters: {
        ...(query.requestedScopes.length > 0 && { scope: query.requestedScopes.join(' ') }),
        ...resourceParameter(query),
        ...claimsParameter(query.claims, config),
      },
      assumedScopes: query.requestedScopes,
    })
    const record = accessTokenOf(grant, query, query.requestedScopes)
    await store.write(cache.keep(record))
    memory.remember(query, record)
    return record
  }

  return {
    async acquireTokenForApp(request: ServiceRequest) {
      checkObject(request)
      if (config.dialect.name === 'entra' && config.tenant === '')
        throw new AuthError(
          'invalid_request',
          'A token for the app needs a tenant: set `authority` to https://login.microsoftonline.com/<tenant id>.',
        )
      checkAppScopes(request.scopes, config.dialect)
      return acquire(queries.of(owner, request), renew, request)
    },
    async clearApp(): Promise<void> {
      await store.write(cache.removal(owner, []))
      memory.forget(owner.id)
    },
  }
}
