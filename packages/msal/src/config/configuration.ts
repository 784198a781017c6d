import type { BrowserConfiguration, Configuration } from '@azure/msal-browser'
import {
  type AzureCloudInstance,
  ClientConfigurationError,
  type IPerformanceClient,
  type ProtocolMode,
} from '@azure/msal-common/browser'
import { DEFAULT_IFRAME_TIMEOUT_MS, OIDC_DEFAULT_SCOPES } from '../names/constants.ts'
import { getCurrentUri } from '../page/browser-utils.ts'
import { NavigationClient } from '../page/navigation-client.ts'

/** The options of versions 3 and 4 that moved in version 5. */
interface EarlierOptions {
  readonly auth: {
    readonly protocolMode?: ProtocolMode
    readonly navigateToLoginRequestUrl?: boolean
  }
  readonly system?: { readonly iframeHashTimeout?: number; readonly loadFrameTimeout?: number }
}

/** The default authority of `@azure/msal-browser`: all accounts of Microsoft. */
export const DEFAULT_AUTHORITY = 'https://login.microsoftonline.com/common/'

// The enumerations of the original would load for their names only.
const AAD = 'AAD' as ProtocolMode
const NO_CLOUD = 'none' as AzureCloudInstance

/** Carnet measures nothing, and calls no performance client. */
const NO_CLIENT = {} as IPerformanceClient

const DEFAULT_LOGGER = { loggerCallback: () => undefined, logLevel: 2, piiLoggingEnabled: false }

/** A network client that no request reaches: without the option, Carnet sends its requests itself. */
const NETWORK = {
  sendGetRequestAsync: refuse,
  sendPostRequestAsync: refuse,
}

async function refuse(): Promise<never> {
  throw new Error('Carnet sends requests itself.')
}

/**
 * Fills in the defaults of all options.
 *
 * @throws ClientConfigurationError `cannot_allow_platform_broker` for a broker at a provider that is not of Microsoft.
 */
export function fillConfiguration(given: Configuration): BrowserConfiguration {
  const { auth, cache, system, experimental, telemetry } = given
  const earlier = given as EarlierOptions
  const iframeTimeout =
    system?.iframeBridgeTimeout || earlier.system?.iframeHashTimeout || DEFAULT_IFRAME_TIMEOUT_MS
  const protocolMode = system?.protocolMode ?? earlier.auth.protocolMode ?? AAD
  if ((protocolMode as string) === 'OIDC' && system?.allowPlatformBroker)
    throw new ClientConfigurationError('cannot_allow_platform_broker', '')
  return {
    auth: {
      authority: DEFAULT_AUTHORITY,
      knownAuthorities: [],
      cloudDiscoveryMetadata: '',
      authorityMetadata: '',
      redirectUri: getCurrentUri(),
      postLogoutRedirectUri: '',
      popupRelayUri: '',
      clientCapabilities: [],
      azureCloudOptions: { azureCloudInstance: NO_CLOUD, tenant: '' },
      instanceAware: false,
      isMcp: false,
      verifySSO: false,
      originCheck: !system?.enableLegacyPolling,
      ...auth,
      OIDCOptions: {
        responseMode: 'fragment',
        defaultScopes: OIDC_DEFAULT_SCOPES,
        ...auth.OIDCOptions,
      },
    },
    cache: { cacheLocation: 'sessionStorage', cacheRetentionDays: 5, ...cache },
    system: {
      tokenRenewalOffsetSeconds: 300,
      preventCorsPreflight: false,
      networkClient: NETWORK,
      navigationClient: new NavigationClient(),
      redirectNavigationTimeout: 30_000,
      allowRedirectInIframe: false,
      navigatePopups: true,
      allowPlatformBroker: false,
      serverTelemetryEnabled: false,
      enableLegacyPolling: false,
      ...system,
      protocolMode,
      loggerOptions: system?.loggerOptions ?? DEFAULT_LOGGER,
      popupBridgeTimeout: system?.popupBridgeTimeout || 60_000,
      iframeBridgeTimeout: iframeTimeout,
      nativeBrokerHandshakeTimeout: system?.nativeBrokerHandshakeTimeout || 2000,
    },
    experimental: {
      iframeTimeoutTelemetry: false,
      allowPlatformBrokerWithDOM: false,
      ...experimental,
    },
    telemetry: {
      application: { appName: '', appVersion: '' },
      client: NO_CLIENT,
      ...telemetry,
    },
  }
}

/** The option `auth.navigateToLoginRequestUrl` of versions 3 and 4. Default true. */
export const returnsToStart = (given: Configuration): boolean =>
  (given as EarlierOptions).auth.navigateToLoginRequestUrl ?? true
