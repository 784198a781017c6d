import {
  type AuthorizationRequest,
  authorizationUrl,
  type ProviderMetadata,
} from '@carnet/core/network'
import { pushRequest } from '@carnet/core/par'
import type { Context } from '../../context/context.ts'

/** Pushes an authorization request, and returns its URL, which contains no parameter of the request (RFC 9126). */
export async function pushedUrl(
  metadata: ProviderMetadata,
  request: AuthorizationRequest,
  authority: string,
  { config, custody, platform }: Context,
): Promise<string> {
  const url = await authorizationUrl(metadata, request)
  const { clientId, dialect } = config
  const { now, trueTimeMs } = platform
  const { http } = custody
  return pushRequest(url, { metadata, authority, dialect, clientId, http, now, trueTimeMs })
}
