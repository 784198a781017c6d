import { overlay } from '../model/json.ts'
import { discoveredIssuer, tenantOf } from './directory/tenants.ts'
import { errorBody } from './errors/error-body.ts'
import { unknownTenant } from './errors/refusals.ts'
import { type Answer, type Call, json } from './http/http.ts'
import type { Entra } from './state/entra.ts'

/** `/{tenant}/v2.0/.well-known/openid-configuration` */
export function discover(
  { origin, state }: Entra,
  { policy, trace }: Call,
  segment: string,
): Answer {
  const tenant = tenantOf(segment)
  if (!tenant) return json(400, errorBody(unknownTenant(segment), trace, origin))

  // For a domain, Entra returns endpoints with the id of the tenant.
  const own = `${origin}/${typeof tenant === 'string' ? tenant : tenant.id}`
  const base = policy === undefined ? own : `${own}/${policy.toLowerCase()}`
  const document = {
    token_endpoint: `${base}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
    jwks_uri: `${base}/discovery/v2.0/keys`,
    response_modes_supported: ['query', 'fragment'],
    subject_types_supported: ['pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    // Azure AD B2C accepts the other scopes too, but does not list them.
    scopes_supported:
      policy === undefined ? ['openid', 'profile', 'email', 'offline_access'] : ['openid'],
    issuer: discoveredIssuer(origin, tenant, policy),
    request_uri_parameter_supported: false,
    userinfo_endpoint: `${origin}/graph/oidc/userinfo`,
    authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
    // Azure AD B2C has no device code flow.
    ...(policy === undefined && {
      device_authorization_endpoint: `${base}/oauth2/v2.0/devicecode`,
    }),
    http_logout_supported: true,
    frontchannel_logout_supported: true,
    end_session_endpoint: `${base}/oauth2/v2.0/logout`,
    claims_supported: [
      'sub',
      'iss',
      'aud',
      'exp',
      'iat',
      'auth_time',
      'nonce',
      'preferred_username',
      'name',
      'tid',
      'ver',
      'email',
    ],
    tenant_region_scope: null,
    cloud_instance_name: new URL(origin).host,
    msgraph_host: new URL(origin).host,
  }
  // Entra omits code_challenge_methods_supported, the authentication method `none`, and
  // authorization_response_iss_parameter_supported. So does this document.
  return json(200, overlay(document, state.settings.get().discovery))
}

/** `/common/discovery/instance`: the aliases of this provider. */
export function discoverInstance({ origin }: Entra, { parameters }: Call): Answer {
  const { host } = new URL(origin)
  const asked = parameters.get('authorization_endpoint') ?? `${origin}/common/oauth2/v2.0/authorize`
  const base = asked.replace(/\/oauth2\/v2\.0\/authorize.*$/, '')
  return json(200, {
    tenant_discovery_endpoint: `${base}/v2.0/.well-known/openid-configuration`,
    'api-version': '1.1',
    metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
  })
}

/** `/{tenant}/discovery/v2.0/keys` */
export function showKeys({ keys, origin }: Entra): Answer {
  const issuer = discoveredIssuer(origin, 'common')
  // The keys of Entra have no `alg`.
  return json(200, { keys: keys.publicKeys.keys.map(({ alg, ...key }) => ({ ...key, issuer })) })
}
