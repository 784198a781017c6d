import { AuthError } from '@carnet/core'
import type { TokenResponse } from '@carnet/core/network'
import type { ServiceRequest } from '../api/requests.ts'
import type { AuthenticationResult } from '../api/result.ts'
import type { ClientParts } from './client-parts.ts'
import { toResult } from './result.ts'
import { detailsOf } from './token-requests.ts'

/** Stores the tokens of a user who has just signed in to a public client. */
export async function storeSignIn(
  { runtime, queries, users, renewals }: ClientParts,
  grant: TokenResponse,
  { scopes, resource, correlationId }: ServiceRequest,
): Promise<AuthenticationResult> {
  const details = detailsOf(grant, runtime.config)
  if (!details.account)
    throw new AuthError('invalid_id_token', 'The token response has no ID token.')
  const query = queries.of(users.ownerOf(details.account), { scopes, resource })
  const record = await renewals.keepFirst(query, grant)
  await users.add(details.account)
  return toResult(runtime.config, record, details, { fromCache: false, correlationId })
}
