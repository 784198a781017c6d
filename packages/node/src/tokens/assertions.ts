import { createHash } from 'node:crypto'
import { AuthError, union } from '@carnet/core'
import type { GrantRequest } from '@carnet/core/services'
import type { ExchangeRequest } from '../api/requests.ts'
import type { Runtime } from '../context/runtime.ts'
import type { ServiceQuery } from './service-query.ts'
import {
  claimsParameter,
  IDENTITY_SCOPES,
  OFFLINE_ACCESS,
  resourceParameter,
} from './token-requests.ts'

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
export const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

/** Hashes secrets for the id of an owner. The authority is part of it, because tenants share a partition. */
export const hashOf = ({ ownerScope }: Pick<Runtime, 'ownerScope'>, ...secrets: string[]): string =>
  createHash('sha256')
    .update(JSON.stringify([ownerScope, ...secrets]))
    .digest('base64url')

/**
 * The request for a token on behalf of the user of an assertion.
 *
 * @param isLasting True to ask for a refresh token.
 * @throws AuthError `unsupported_by_provider` if the provider lists its grant types, and none of them fits.
 */
export async function onBehalfOfRequest(
  query: ServiceQuery,
  assertion: string,
  runtime: Runtime,
  isLasting: boolean,
): Promise<GrantRequest> {
  const { config } = runtime
  const lasting = isLasting ? [OFFLINE_ACCESS] : []
  if (config.dialect.name === 'entra')
    return {
      grantType: JWT_BEARER,
      parameters: {
        assertion,
        requested_token_use: 'on_behalf_of',
        scope: [...query.requestedScopes, ...IDENTITY_SCOPES, ...lasting].join(' '),
        client_info: '1',
        ...claimsParameter(query.claims, config),
      },
      assumedScopes: query.requestedScopes,
    }
  const { grant_types_supported: listed } = await runtime.metadata()
  if (listed && !listed.includes(TOKEN_EXCHANGE)) {
    if (!listed.includes(JWT_BEARER))
      throw new AuthError(
        'unsupported_by_provider',
        'The provider lists neither token exchange nor the JWT bearer grant.',
      )
    return jwtBearerRequest(query, assertion, lasting)
  }
  const scopes = union(query.requestedScopes, lasting)
  const exchange = { subjectToken: assertion, scopes }
  return exchangeRequest(query, exchange, runtime)
}

function jwtBearerRequest(
  query: ServiceQuery,
  assertion: string,
  lasting: readonly string[],
): GrantRequest {
  return {
    grantType: JWT_BEARER,
    parameters: {
      assertion,
      scope: [...query.requestedScopes, ...lasting].join(' '),
      ...resourceParameter(query),
      ...(query.claims !== undefined && { claims: query.claims }),
    },
    assumedScopes: query.requestedScopes,
  }
}

/** The request for a token exchange (RFC 8693 section 2.1). */
export function exchangeRequest(
  query: ServiceQuery,
  exchange: ExchangeRequest,
  { config }: Pick<Runtime, 'config'>,
): GrantRequest {
  const { subjectToken, subjectTokenType = ACCESS_TOKEN, scopes } = exchange
  const { actorToken, actorTokenType = ACCESS_TOKEN, audience, requestedTokenType } = exchange
  return {
    grantType: TOKEN_EXCHANGE,
    parameters: {
      subject_token: subjectToken,
      subject_token_type: subjectTokenType,
      ...(actorToken !== undefined && {
        actor_token: actorToken,
        actor_token_type: actorTokenType,
      }),
      ...(audience !== undefined && { audience }),
      ...(requestedTokenType !== undefined && { requested_token_type: requestedTokenType }),
      ...resourceParameter(query),
      ...(scopes.length > 0 && { scope: scopes.join(' ') }),
      ...claimsParameter(query.claims, config),
    },
    assumedScopes: query.requestedScopes,
  }
}
