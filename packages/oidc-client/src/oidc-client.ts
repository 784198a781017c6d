import type * as Original from 'oidc-client-ts'
import { MetadataService } from './metadata-service.ts'
import { checkSettings, declined } from './values/declined.ts'
import { addPassingMethods, loadOnce } from './values/passing.ts'
import { OidcClientSettingsStore } from './values/settings.ts'

const CALLS =
  'createSigninRequest processSigninResponse createSignoutRequest processSignoutResponse clearStaleState'

const DECLINED =
  'readSigninResponseState readSignoutResponseState useRefreshToken revokeToken processResourceOwnerPasswordCredentials getDpopProof'

/** `OidcClient` of oidc-client-ts: requests and responses of one page, without a stored user. */
class Client {
  readonly settings: OidcClientSettingsStore
  readonly metadataService: MetadataService
  readonly #part

  constructor(settings: Original.OidcClientSettings) {
    checkSettings(settings)
    this.settings = new OidcClientSettingsStore(settings)
    this.metadataService = new MetadataService(this.settings)
    this.#part = loadOnce(async () => {
      const { createProtocolCalls } = await import('./flows/protocol.ts')
      return { call: createProtocolCalls(this.settings, this.metadataService) }
    })
  }

  static {
    addPassingMethods(Client.prototype, CALLS, (client) => async (name, args) => {
      const { call } = await client.#part.get()
      return call(name, args)
    })
    addPassingMethods(Client.prototype, DECLINED, () => async (name) => {
      throw declined(name)
    })
  }
}

export const OidcClient = Client as unknown as typeof Original.OidcClient
export type OidcClient = Original.OidcClient
