import { type TokenQuery, toTokenQuery } from '@carnet/core'
import { queryKey } from '@carnet/core/services'
import type { ServiceRequest } from '../api/requests.ts'
import { checkRequest } from '../context/check-request.ts'
import type { Config } from '../context/config.ts'
import type { ServiceDpop } from '../dpop/service-dpop.ts'
import type { ServiceOwner, ServiceQuery } from './service-query.ts'

/** Creates the queries of requests. */
export interface Queries {
  /** @throws AuthError `invalid_request` for wrong fields, and for scopes that no single token can have. */
  of<Owner extends ServiceOwner>(owner: Owner, request: ServiceRequest): ServiceQuery<Owner>
}

type QueriesConfig = Pick<Config, 'dialect' | 'credentials' | 'partition' | 'dpop'>

/** The most questions whose parsed scopes are kept. */
const MOST_KNOWN = 10_000

/** A service asks the same few questions all the time, so parsed scopes are kept. */
export function createQueries(
  { dialect, credentials, partition, dpop: wanted }: QueriesConfig,
  dpop: Pick<ServiceDpop, 'given'> | undefined,
): Queries {
  const parametersKey = keyOfBinding(credentials, dpop?.given)
  const how = { dialect, parametersKey, tokenType: wanted && ('DPoP' as const) }
  const known = new Map<string, Omit<TokenQuery<ServiceOwner>, 'owner'>>()
  /** The queries of the app for itself. It is one owner, so they have the same keys in every call. */
  const ofApp = new Map<string, ServiceQuery>()

  function parsed(text: string, owner: ServiceOwner, { scopes, resource }: ServiceRequest) {
    const found = known.get(text)
    if (found) return found
    const { owner: _, ...query } = toTokenQuery(owner, scopes, { ...how, resource })
    if (known.size >= MOST_KNOWN) known.clear()
    known.set(text, query)
    return query
  }

  const keyed = <Owner extends ServiceOwner>(query: TokenQuery<Owner>): ServiceQuery<Owner> =>
    Object.assign(query, { recordKey: queryKey(partition, query) })

  return {
    of<Owner extends ServiceOwner>(owner: Owner, request: ServiceRequest): ServiceQuery<Owner> {
      const text = textOf(request)
      // A request that was checked before needs no other check.
      const seen = owner.type === 'app' && text !== undefined ? ofApp.get(text) : undefined
      if (seen && isPlain(request)) return seen as ServiceQuery<Owner>
      checkRequest(request)
      const { scopes, resource, claims, forceRefresh } = request
      if (text === undefined || owner.type !== 'app' || !isPlain(request))
        return keyed({
          ...parsed(text ?? '', owner, request),
          owner,
          ...(claims !== undefined && { claims }),
          ...(forceRefresh && { forceRefresh: true }),
        })
      const query = keyed(toTokenQuery(owner, scopes, { ...how, resource }))
      if (ofApp.size >= MOST_KNOWN) ofApp.clear()
      ofApp.set(text, query)
      return query
    },
  }
}

/** A token may be bound to a certificate of the TLS handshake, or to a key of the app. It serves with this one only. */
function keyOfBinding(
  credentials: Config['credentials'],
  given: string | undefined,
): string | undefined {
  const thumbprints = credentials.flatMap(({ tls }) => tls?.thumbprint ?? [])
  const names = [
    ...(thumbprints.length > 0 ? [`tls:${thumbprints.sort().join('.')}`] : []),
    ...(given === undefined ? [] : [`dpop:${given}`]),
  ]
  return names.length > 0 ? names.join(' ') : undefined
}

const isPlain = ({ claims, forceRefresh, signal }: ServiceRequest): boolean =>
  claims === undefined && !forceRefresh && signal === undefined

/** The scopes and the resource of a request as one text; `undefined` for a request with wrong types. */
function textOf(request: ServiceRequest): string | undefined {
  const { scopes, resource = '-' } = (request ?? {}) as Partial<ServiceRequest>
  if (!Array.isArray(scopes) || typeof resource !== 'string') return undefined
  for (const scope of scopes) if (typeof scope !== 'string') return undefined
  return `${scopes.length} ${resource} ${scopes.join(' ')}`
}
