import type * as Original from 'oidc-client-ts'
import { ErrorTimeout } from '../values/errors.ts'
import type { OidcClientSettingsStore } from '../values/settings.ts'
import { secondsToMs } from './client-options.ts'

type Metadata = Partial<Original.OidcMetadata>

/**
 * The whole discovery document, for apps that read it. Carnet has its own copy of the members that it uses: the browser's cache
 * answers the second request.
 */
class ProviderMetadata {
  readonly #settings: OidcClientSettingsStore
  #reading: Promise<Metadata> | undefined
  #keys: Original.SigningKey[] | undefined

  constructor(settings: OidcClientSettingsStore) {
    this.#settings = settings
    this.#keys = settings.signingKeys
  }

  resetSigningKeys(): void {
    this.#keys = undefined
  }

  async getMetadata(): Promise<Metadata> {
    const { metadata, metadataSeed, metadataUrl } = this.#settings
    if (metadata) return metadata
    if (!metadataUrl) throw new Error('No authority or metadataUrl configured on settings')
    this.#reading ??= this.#read(metadataUrl).then((document) => ({ ...document, ...metadataSeed }))
    this.#reading.catch(() => {
      this.#reading = undefined
    })
    return this.#reading
  }

  async #read(url: string): Promise<object> {
    const timeoutMs = secondsToMs(this.#settings.requestTimeoutInSeconds)
    const signal = timeoutMs === undefined ? null : AbortSignal.timeout(timeoutMs)
    const response = await fetch(url, { signal, headers: { Accept: 'application/json' } }).catch(
      (error: Error) => {
        throw error.name === 'TimeoutError' ? new ErrorTimeout('Network timed out') : error
      },
    )
    if (!response.ok) throw new Error(`${response.statusText} (${response.status})`)
    return response.json()
  }

  async #member<Name extends keyof Original.OidcMetadata>(
    name: Name,
    isOptional = false,
  ): Promise<Original.OidcMetadata[Name] | undefined> {
    const value = (await this.getMetadata())[name]
    if (value === undefined && !isOptional)
      throw new Error(`Metadata does not contain property ${name}`)
    return value
  }

  getIssuer = () => this.#member('issuer')
  getAuthorizationEndpoint = () => this.#member('authorization_endpoint')
  getUserInfoEndpoint = () => this.#member('userinfo_endpoint')
  getTokenEndpoint = (isOptional = true) => this.#member('token_endpoint', isOptional)
  getCheckSessionIframe = () => this.#member('check_session_iframe', true)
  getEndSessionEndpoint = () => this.#member('end_session_endpoint', true)
  getRevocationEndpoint = (isOptional = true) => this.#member('revocation_endpoint', isOptional)
  getKeysEndpoint = (isOptional = true) => this.#member('jwks_uri', isOptional)

  async getSigningKeys(): Promise<Original.SigningKey[]> {
    if (this.#keys) return this.#keys
    const { keys } = (await this.#read(`${await this.#member('jwks_uri')}`)) as {
      keys?: Original.SigningKey[]
    }
    if (!Array.isArray(keys)) throw new Error('Missing keys on keyset')
    this.#keys = keys
    return keys
  }
}

export const MetadataService = ProviderMetadata as unknown as typeof Original.MetadataService
export type MetadataService = Original.MetadataService
