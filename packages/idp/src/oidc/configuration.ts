import { randomBytes } from 'node:crypto'
import { TLSSocket } from 'node:tls'
import { acrValues } from '../accounts/acr.ts'
import { jwkOf, methodOf } from '../accounts/client-credentials.ts'
import { originsOf } from '../accounts/clients.ts'
import { claimsOf } from '../accounts/users.ts'
import type { Client, ClientCredentials } from '../model/options.ts'
import type { Settings } from '../model/settings.ts'
import { showAuthorizationError } from '../pages/show.ts'
import type { State } from '../state/state.ts'
import type {
  Adapter,
  AdapterPayload,
  Configuration,
  OidcContext,
} from '../vendor/oidc-provider.ts'
import { accessTokenClaims } from './access-token-claims.ts'
import { authorizationDetails, DETAILS_TYPES } from './authorization-details.ts'
import { crossSite } from './cookies.ts'
import { createGrantLoader } from './grants.ts'
import { createInteractionPolicy } from './interaction-policy.ts'
import { createLogout } from './logout.ts'
import { createResourceIndicators } from './resource-indicators.ts'
import type { SigningKeys } from './signing-keys.ts'
import { TOKEN_EXCHANGE } from './token-exchange.ts'

const DEVICE_CODE = 'urn:ietf:params:oauth:grant-type:device_code'
const SESSION_SECONDS = 14 * 24 * 60 * 60

/** The configuration of oidc-provider: public clients with PKCE, and only the features that they need. */
export function createConfiguration(
  issuer: string,
  keys: SigningKeys,
  state: State,
): Configuration {
  const { clients, isMutualTls, settings, store, users } = state
  // Ports share cookies. Without the port, two providers on one machine would overwrite each other's cookies.
  const { port } = new URL(issuer)

  return {
    acrValues,
    adapter: (model) =>
      model === 'Client' ? clientAdapter(clients.find, settings) : store.adapter(model),
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      sid: null,
      auth_time: null,
      iss: null,
    },
    clientAuthMethods: [
      'none',
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      ...(isMutualTls ? (['self_signed_tls_client_auth'] as const) : []),
    ],
    clientBasedCORS: (_context, origin, client) =>
      originsOf({ redirectUris: client.redirectUris ?? [] }).has(origin),
    clockTolerance: 0,
    // The default would move the claims from the ID token to the userinfo endpoint, if a token is for that endpoint.
    conformIdTokenClaims: false,
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      names: {
        session: `idp_session_${port}`,
        interaction: `idp_interaction_${port}`,
        resume: `idp_resume_${port}`,
      },
      long: crossSite,
      short: crossSite,
    },
    discovery: { prompt_values_supported: ['none', 'login', 'consent', 'select_account'] },
    enableHttpPostMethods: true,
    enabledJWA: {
      idTokenSigningAlgValues: ['RS256', 'ES256'],
      clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'],
    },
    // Tokens outlive the session of the browser; logout.ts has the exceptions.
    expiresWithSession: () => false,
    extraTokenClaims: accessTokenClaims,
    features: createFeatures(issuer, state),
    // By default it calls no client on this machine.
    fetch: (url, { method, headers, body, redirect, signal } = {}) =>
      globalThis.fetch(url, { method, headers, body, redirect, signal } as RequestInit),
    findAccount(_context, sub) {
      const user = users.bySub(sub)
      return user && { accountId: sub, claims: () => claimsOf(user) }
    },
    interactions: {
      policy: createInteractionPolicy(users, settings),
      url: (_context, interaction) => `/interaction/${interaction.uid}`,
    },
    issueRefreshToken(_context, _client, source) {
      const { refreshTokens } = settings.get()
      return (
        refreshTokens === 'always' ||
        (refreshTokens === 'offline_access' && source.scopes.has('offline_access'))
      )
    },
    jwks: keys.privateKeys as NonNullable<Configuration['jwks']>,
    loadExistingGrant: createGrantLoader(issuer, state),
    pkce: { required: () => true },
    renderError: (context, { error, error_description }) =>
      showAuthorizationError(context, settings.get(), error, error_description),
    responseTypes: ['code'],
    rotateRefreshToken: () => settings.get().rotateRefreshTokens,
    scopes: ['openid', 'offline_access'],
    ttl: {
      AccessToken: () => settings.get().accessTokenLifetime,
      AuthorizationCode: 60,
      DeviceCode: 600,
      ClientCredentials: () => settings.get().accessTokenLifetime,
      Grant: () => Math.max(SESSION_SECONDS, settings.get().refreshTokenLifetime),
      IdToken: () => settings.get().idTokenLifetime,
      Interaction: 60 * 60,
      RefreshToken(context) {
        const rotated = context.oidc.entities.RotatedRefreshToken
        const { refreshTokenLifetime } = settings.get()
        return rotated ? Math.min(rotated.remainingTTL, refreshTokenLifetime) : refreshTokenLifetime
      },
      Session: SESSION_SECONDS,
    },
  }
}

/** The features of oidc-provider that differ from its defaults. */
const createFeatures = (issuer: string, state: State): NonNullable<Configuration['features']> => ({
  claimsParameter: { enabled: true },
  clientCredentials: { enabled: true },
  devInteractions: { enabled: false },
  deviceFlow: { enabled: true },
  backchannelLogout: { enabled: true },
  dPoP: {
    enabled: true,
    // The nonces of `create-provider.ts` replace the nonces of this secret.
    nonceSecret: randomBytes(32),
    requireNonce: () => state.settings.get().authorizationServerNonces !== 'off',
    allowReplay: false,
  },
  mTLS: {
    enabled: state.isMutualTls,
    selfSignedTlsClientAuth: true,
    certificateBoundAccessTokens: true,
    getCertificate: certificateOf,
  },
  pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: false },
  resourceIndicators: createResourceIndicators(issuer, state.settings),
  richAuthorizationRequests: authorizationDetails,
  revocation: {
    enabled: true,
    allowedPolicy: (_context, client, token) => token.clientId === client.clientId,
  },
  rpInitiatedLogout: createLogout(state),
})

/** Looks up clients on each request, because tests can add clients at any time. */
function clientAdapter(
  find: (clientId: string) => Client | undefined,
  settings: State['settings'],
): Adapter {
  const none = async () => undefined
  return {
    async find(clientId) {
      const client = find(clientId)
      return client && metadataOf(client, settings.get())
    },
    consume: none,
    destroy: none,
    findByUid: none,
    findByUserCode: none,
    revokeByGrantId: none,
    upsert: none,
  }
}

function metadataOf(
  client: Client,
  { dpop, requirePushedRequests }: Pick<Settings, 'dpop' | 'requirePushedRequests'>,
): AdapterPayload {
  return {
    client_id: client.clientId,
    redirect_uris: client.redirectUris,
    post_logout_redirect_uris: client.postLogoutRedirectUris ?? client.redirectUris,
    application_type: client.isNative ? 'native' : 'web',
    grant_types: [
      ...(client.redirectUris.length > 0 ? ['authorization_code'] : []),
      'refresh_token',
      ...(client.isNative ? [DEVICE_CODE] : []),
    ],
    response_types: client.redirectUris.length > 0 ? ['code'] : [],
    authorization_details_types: DETAILS_TYPES,
    token_endpoint_auth_method: 'none',
    dpop_bound_access_tokens: dpop === 'required' && client.credentials === undefined,
    require_pushed_authorization_requests: requirePushedRequests,
    ...(client.credentials && confidentialMetadataOf(client, client.credentials)),
    ...(client.backchannelLogoutUri !== undefined && {
      backchannel_logout_uri: client.backchannelLogoutUri,
      backchannel_logout_session_required: true,
    }),
    ...(client.oidcScopes && { scope: client.oidcScopes.join(' ') }),
  }
}

function confidentialMetadataOf(
  { redirectUris }: Client,
  credentials: ClientCredentials,
): AdapterPayload {
  const method = methodOf(credentials)
  const hasPages = redirectUris.length > 0
  return {
    grant_types: [
      'client_credentials',
      'refresh_token',
      TOKEN_EXCHANGE,
      ...(hasPages ? ['authorization_code'] : []),
    ],
    response_types: hasPages ? ['code'] : [],
    token_endpoint_auth_method: method,
    client_secret: credentials.secrets?.[0],
    ...(credentials.certificates && { jwks: { keys: credentials.certificates.map(jwkOf) } }),
    tls_client_certificate_bound_access_tokens:
      method === 'self_signed_tls_client_auth' && credentials.bindsTokens !== false,
  }
}

/** The certificate of the TLS handshake, in PEM (RFC 8705 §2.2). */
function certificateOf({ socket }: OidcContext): string | undefined {
  return socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.toString() : undefined
}
