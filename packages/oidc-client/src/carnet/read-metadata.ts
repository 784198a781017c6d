/** The calls of a `MetadataService`. This part loads at the first call. */
import type * as Original from 'oidc-client-ts'
import { ErrorTimeout } from '../values/errors.ts'
import type { OidcClientSettingsStore } from '../values/settings.ts'
import { secondsToMs } from '../values/timer.ts'
import { currentHeaders } from './extra-headers.ts'

type Metadata = Partial<Original.OidcMetadata>

/** The members of the discovery document, by the names of the functions. */
const MEMBERS: Readonly<Record<string, keyof Original.OidcMetadata>> = {
  getIssuer: 'issuer',
  getAuthorizationEndpoint: 'authorization_endpoint',
  getUserInfoEndpoint: 'userinfo_endpoint',
  getTokenEndpoint: 'token_endpoint',
  getCheckSessionIframe: 'check_session_iframe',
  getEndSessionEndpoint: 'end_session_endpoint',
  getRevocationEndpoint: 'revocation_endpoint',
  getKeysEndpoint: 'jwks_uri',
}

/** The functions whose member may be missing, unless the app says that it needs the member. */
const OPTIONAL = /Token|Check|EndSession|Revocation|Keys/

/**
 * Reads the whole discovery document, for apps that read it. Carnet has its own copy of the members that it uses: the cache of the
 * browser answers the second request.
 */
export function createMetadataCalls(settings: OidcClientSettingsStore) {
  let reading: Promise<Metadata> | undefined
  let keys = settings.signingKeys

  async function read(url: string): Promise<object> {
    const timeoutMs = secondsToMs(settings.requestTimeoutInSeconds)
    const signal = timeoutMs === undefined ? null : AbortSignal.timeout(timeoutMs)
    const headers = currentHeaders(settings.extraHeaders)
    const response = await fetch(url, { signal, headers }).catch((error: Error) => {
      throw error.name === 'TimeoutError' ? new ErrorTimeout('Network timed out') : error
    })
    if (!response.ok) throw new Error(`${response.statusText} (${response.status})`)
    return response.json()
  }

  async function getMetadata(): Promise<Metadata> {
    const { metadata, metadataSeed, metadataUrl } = settings
    if (metadata) return metadata
    if (!metadataUrl) throw new Error('No authority or metadataUrl configured on settings')
    reading ??= read(metadataUrl).then(
      (document) => ({ ...document, ...metadataSeed }),
      (error) => {
        reading = undefined
        throw error
      },
    )
    return reading
  }

  async function memberOf(name: keyof Original.OidcMetadata, isOptional: boolean) {
    const value = (await getMetadata())[name]
    if (value === undefined && !isOptional)
      throw new Error(`Metadata does not contain property ${name}`)
    return value
  }

  async function getSigningKeys(): Promise<Original.SigningKey[]> {
    if (keys) return keys
    const document = await read(String(await memberOf('jwks_uri', false)))
    const { keys: found } = document as { keys?: Original.SigningKey[] }
    if (!Array.isArray(found)) throw new Error('Missing keys on keyset')
    keys = found
    return found
  }

  return {
    async call(name: string, [isOptional]: readonly unknown[]): Promise<unknown> {
      const member = MEMBERS[name]
      if (member) return memberOf(member, (isOptional ?? OPTIONAL.test(name)) === true)
      return name === 'getMetadata' ? getMetadata() : getSigningKeys()
    },
    resetSigningKeys(): void {
      keys = undefined
    },
  }
}
