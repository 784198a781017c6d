import { type TokenQuery, toTokenQuery } from '@carnet/core'
import type { ServiceRequest } from '../api/requests.ts'
import { checkRequest } from '../context/check-request.ts'
import type { Config } from '../context/config.ts'
import type { ServiceOwner } from './service-query.ts'

/** Creates the queries of requests. */
export interface Queries {
  /** @throws AuthError `invalid_request` for wrong fields, and for scopes that no single token can have. */
  of<Owner extends ServiceOwner>(owner: Owner, request: ServiceRequest): TokenQuery<Owner>
}

type QueriesConfig = Pick<Config, 'dialect' | 'credentials'>

/** The most questions whose parsed scopes are kept. */
const MOST_KNOWN = 10_000

/** A service asks the same few questions all the time, so parsed scopes are kept. */
export function createQueries({ dialect, credentials }: QueriesConfig): Queries {
  // A token may be bound to a certificate of the TLS handshake, and then serves with this certificate only.
  const thumbprints = credentials.flatMap(({ tls }) => tls?.thumbprint ?? [])
  const parametersKey = thumbprints.length > 0 ? `tls:${thumbprints.sort().join('.')}` : undefined
  const known = new Map<string, Omit<TokenQuery<ServiceOwner>, 'owner'>>()
  const ofOwner = new Map<string, TokenQuery<ServiceOwner>>()

  function parsed(text: string, owner: ServiceOwner, { scopes, resource }: ServiceRequest) {
    const found = known.get(text)
    if (found) return found
    const { owner: _, ...query } = toTokenQuery(owner, scopes, { dialect, resource, parametersKey })
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(text, query)
    return query
  }

  return {
    of<Owner extends ServiceOwner>(owner: Owner, request: ServiceRequest): TokenQuery<Owner> {
      const { scopes, resource = '', claims, forceRefresh, signal } = request
      const isPlain = claims === undefined && !forceRefresh && signal === undefined
      const isKept = isPlain && owner.type === 'app' && Array.isArray(scopes)
      // A request that was checked before needs no other check.
      const own = isKept ? `${owner.id}\n${resource}\n${scopes.join(' ')}` : ''
      const seen = isKept ? ofOwner.get(own) : undefined
      if (seen) return seen as TokenQuery<Owner>
      checkRequest(request)
      const text = `${resource}\n${scopes.join(' ')}`
      const query: TokenQuery<Owner> = {
        ...parsed(text, owner, request),
        owner,
        ...(claims !== undefined && { claims }),
        ...(forceRefresh && { forceRefresh: true }),
      }
      if (isKept) {
        if (ofOwner.size >= MOST_KNOWN) ofOwner.clear()
        ofOwner.set(own, query)
      }
      return query
    },
  }
}
