import type { AuthClientOptions } from '@carnet/browser'
import { Logger } from '../values/log.ts'
import type { OidcClientSettingsStore, UserManagerSettingsStore } from '../values/settings.ts'
import { placeOf } from '../values/stores.ts'
import { secondsToMs } from '../values/timer.ts'
import { fetchWithHeaders, fixedHeaders } from './extra-headers.ts'
import { popupFeatures } from './popup-features.ts'

/** The settings that a client needs. An `OidcClient` has those of a protocol only. */
export type ClientSettings = OidcClientSettingsStore & Partial<UserManagerSettingsStore>

/** The options of the Carnet client for the settings of an app. */
export function clientOptions(settings: ClientSettings): AuthClientOptions {
  const { metadata, metadataSeed, requestTimeoutInSeconds, extraHeaders } = settings
  const known = metadata ? { issuer: settings.authority, ...metadata } : metadataSeed
  return {
    clientId: settings.client_id,
    authority: settings.authority,
    // The document says who it is about, but only the app may say that it means another issuer.
    issuer: metadata?.issuer ?? metadataSeed?.issuer,
    metadataUrl: ownMetadataUrl(settings),
    metadata: known,
    redirectUri: settings.redirect_uri,
    postLogoutRedirectUri: settings.post_logout_redirect_uri ?? null,
    defaultScopes: [],
    responseMode: settings.response_mode ?? 'query',
    response: 'leave',
    cache: { location: locationOf(settings) },
    renewal: { enabled: false },
    interaction: {
      popupRedirectUri: settings.popup_redirect_uri,
      popupFeatures: popupFeatures(settings.popupWindowFeatures),
      allowRedirectInIframe: true,
    },
    silent: {
      redirectUri: settings.silent_redirect_uri,
      timeoutMs: secondsToMs(settings.silentRequestTimeoutInSeconds),
    },
    requestTimeoutMs: secondsToMs(requestTimeoutInSeconds),
    logger: ({ level, message }) => Logger[level]('Carnet', message),
    requestHeaders: fixedHeaders(extraHeaders),
    fetch: fetchWithHeaders(extraHeaders),
  }
}

/** The URL of the discovery document, if the app chose it. */
function ownMetadataUrl({ authority, metadataUrl }: ClientSettings): string | undefined {
  const usual = `${authority}`.replace(/\/?$/, '/.well-known/openid-configuration')
  return metadataUrl === usual ? undefined : metadataUrl
}

/** The store of the app says how long the user stays signed in. Carnet's cache is elsewhere, and it is encrypted. */
function locationOf({ userStore }: ClientSettings): 'indexeddb' | 'session' | 'memory' {
  if (userStore === undefined) return 'memory'
  const place = placeOf(userStore)
  if (place === undefined)
    Logger.warn('UserManager', '`userStore` is not a web storage: the user ends with the tab.')
  return place ?? 'session'
}
