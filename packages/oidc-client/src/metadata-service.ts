import type * as Original from 'oidc-client-ts'
import { addPassingMethods, loadOnce } from './values/passing.ts'
import type { OidcClientSettingsStore } from './values/settings.ts'

const CALLS =
  'getMetadata getIssuer getAuthorizationEndpoint getUserInfoEndpoint getTokenEndpoint getCheckSessionIframe getEndSessionEndpoint getRevocationEndpoint getKeysEndpoint getSigningKeys'

/** `MetadataService` of oidc-client-ts: the discovery document of the provider. */
class Metadata {
  readonly #part

  constructor(settings: OidcClientSettingsStore) {
    this.#part = loadOnce(async () =>
      (await import('./carnet/read-metadata.ts')).createMetadataCalls(settings),
    )
  }

  static {
    addPassingMethods(Metadata.prototype, CALLS, (service) => async (name, args) => {
      const part = await service.#part.get()
      return part.call(name, args)
    })
  }

  resetSigningKeys(): void {
    this.#part.now()?.resetSigningKeys()
  }
}

export const MetadataService = Metadata as unknown as typeof Original.MetadataService
export type MetadataService = Original.MetadataService
