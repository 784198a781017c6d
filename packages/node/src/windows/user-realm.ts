import { AuthError, isSecureUrl } from '@carnet/core'
import type { FederationHttp } from './federation-http.ts'

/** The federation server of a user. */
export interface UserRealm {
  /** The address of its metadata for WS-MetadataExchange (MEX). */
  readonly metadataUrl: string
  /** The audience of the assertion: the cloud of the authority. */
  readonly audience: string
}

const PUBLIC_CLOUD = 'urn:federation:MicrosoftOnline'

/**
 * Asks Entra for the federation server of a user (home realm discovery).
 *
 * @throws AuthError `user_not_federated`; `federation_metadata_invalid` for an answer that names no usable server.
 */
export async function findUserRealm(
  authority: string,
  username: string,
  http: FederationHttp,
): Promise<UserRealm> {
  const { origin } = new URL(authority)
  const url = `${origin}/common/userrealm/${encodeURIComponent(username)}?api-version=1.0`
  const realm = await http.getJson(url, 'the user realm endpoint')
  const type = String(realm.account_type).toLowerCase()
  if (type !== 'federated') throw notFederated(type)
  const { federation_protocol: protocol, federation_metadata_url: metadataUrl } = realm
  if (typeof protocol === 'string' && !/^ws-?trust$/i.test(protocol))
    throw new AuthError(
      'user_not_federated',
      'The domain of the user is not federated by WS-Trust.',
    )
  if (!isSecureUrl(metadataUrl))
    throw new AuthError(
      'federation_metadata_invalid',
      'The user realm names no federation server with an https URL.',
    )
  const { cloud_audience_urn: audience } = realm
  return {
    metadataUrl,
    audience: typeof audience === 'string' && audience !== '' ? audience : PUBLIC_CLOUD,
  }
}

function notFederated(type: string): AuthError {
  if (type === 'managed')
    return new AuthError('user_not_federated', 'Entra manages the password of the user itself.')
  return new AuthError('user_not_federated', 'Entra knows no federated domain of the user.')
}
