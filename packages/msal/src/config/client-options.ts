import type { BrowserConfiguration } from '@azure/msal-browser'
import {
  ClientConfigurationError,
  type INetworkModule,
  type Logger,
} from '@azure/msal-common/browser'
import type { AuthClientOptions, InteractionOptions } from '@carnet/browser'
import { OIDC_DEFAULT_SCOPES } from '../names/constants.ts'
import { getCurrentUri } from '../page/browser-utils.ts'
import { assertSecure } from './secure.ts'

/** Sends requests by the network client of the app. */
const lazyFetch =
  (client: INetworkModule): typeof fetch =>
  async (input, init) =>
    (await import('./network-fetch.ts')).networkFetch(client, new Request(input, init))

const LOCATIONS = {
  localStorage: 'indexeddb',
  sessionStorage: 'session',
  memoryStorage: 'memory',
} as const

/** The options of Carnet need these besides the configuration. */
export interface Hooks {
  readonly logger: () => Logger
  readonly leave: InteractionOptions['leave']
  /** True if the app passed a network client of its own. */
  readonly hasNetworkClient: boolean
}

/**
 * Converts the configuration to the options of Carnet.
 *
 * @throws ClientConfigurationError for an authority, metadata or a cache location that cannot be used.
 */
export function toClientOptions(config: BrowserConfiguration, hooks: Hooks): AuthClientOptions {
  const { auth, system } = config
  const isOidc = system.protocolMode === 'OIDC'
  const { responseMode, defaultScopes } = auth.OIDCOptions
  const extraScopes = defaultScopes.filter((scope) => !OIDC_DEFAULT_SCOPES.includes(scope))
  const afterSignOut = auth.postLogoutRedirectUri
  return {
    clientId: auth.clientId,
    authority: authorityOf(auth),
    authorityProfile: isOidc ? 'oidc' : 'entra',
    ...metadataOf(auth.authorityMetadata, isOidc),
    redirectUri: absolute(auth.redirectUri),
    // An empty text is the default: the page that signs out. Each sign-out names it.
    postLogoutRedirectUri: afterSignOut === null ? null : absolute(afterSignOut),
    response: 'leave',
    cache: { location: locationOf(config.cache.cacheLocation) },
    renewal: { leadTimeMs: system.tokenRenewalOffsetSeconds * 1000 },
    silent: { timeoutMs: system.iframeBridgeTimeout },
    interaction: { leave: hooks.leave, allowRedirectInIframe: system.allowRedirectInIframe },
    logger: ({ level, message }) => log(hooks.logger(), level, message),
    // Apps read `loginHint` and `kmsi` of accounts, which come from these claims.
    idTokenClaims: ['tenant_region_sub_scope', 'login_hint', 'signin_state'],
    ...(auth.clientCapabilities.length > 0 && { clientCapabilities: auth.clientCapabilities }),
    ...(extraScopes.length > 0 && { scopes: extraScopes }),
    ...(responseMode === 'query' && { responseMode }),
    ...(hooks.hasNetworkClient && { fetch: lazyFetch(system.networkClient) }),
  }
}

/** A redirect URI, resolved against the page. The default is the page without query and fragment. */
export const absolute = (uri: string | undefined): string =>
  uri ? new URL(uri, location.href).href : getCurrentUri()

function authorityOf({ authority, azureCloudOptions }: BrowserConfiguration['auth']): string {
  const { azureCloudInstance, tenant } = azureCloudOptions
  const isCloud = azureCloudInstance && (azureCloudInstance as string) !== 'none'
  const chosen = isCloud ? `${azureCloudInstance}/${tenant || 'common'}/` : authority
  assertSecure(chosen, '')
  return chosen
}

function locationOf(name: string): 'indexeddb' | 'session' | 'memory' {
  // For an unknown name, tokens last as long as the page.
  return LOCATIONS[name as keyof typeof LOCATIONS] ?? 'memory'
}

/** The metadata that the app passes as JSON, with its issuer. */
function metadataOf(text: string, isOidc: boolean): Partial<AuthClientOptions> {
  if (!text) return {}
  try {
    const metadata: Record<string, unknown> = JSON.parse(text)
    const { issuer } = metadata
    return { metadata, ...(isOidc && typeof issuer === 'string' && { issuer }) }
  } catch {
    throw new ClientConfigurationError('invalid_authority_metadata', '')
  }
}

function log(logger: Logger, level: 'debug' | 'info' | 'warn' | 'error', message: string): void {
  if (level === 'error') logger.error(message, '')
  else if (level === 'warn') logger.warning(message, '')
  else if (level === 'info') logger.info(message, '')
  else logger.verbose(message, '')
}
