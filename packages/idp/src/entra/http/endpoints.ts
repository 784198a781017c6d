import type { Endpoint } from '../../model/endpoints.ts'

const afterTenant = new Map<string, Endpoint>([
  ['v2.0/.well-known/openid-configuration', 'discovery'],
  ['discovery/instance', 'discovery'],
  ['discovery/v2.0/keys', 'jwks'],
  ['oauth2/v2.0/authorize', 'authorization'],
  ['oauth2/v2.0/token', 'token'],
  ['oauth2/v2.0/logout', 'end_session'],
  ['oauth2/v2.0/devicecode', 'device_authorization'],
])

const graphPaths = new Map<string, Endpoint>([
  ['/graph/oidc/userinfo', 'userinfo'],
  ['/graph/v1.0/me', 'userinfo'],
  ['/graph/v1.0/me/events', 'calendar'],
  ['/graph/v1.0/me/messages', 'mail'],
  ['/graph/v1.0/me/sendMail', 'mail'],
])

/** Splits a path into the tenant, the optional policy of Azure AD B2C, and the rest. */
export function splitPath(path: string): {
  segment: string
  policy: string | undefined
  rest: string
} {
  const [, segment = '', policy, rest = ''] =
    /^\/([^/]+)(?:\/(b2c_1[^/]*))?\/(.+)$/i.exec(path) ?? []
  return { segment, policy, rest }
}

export function entraEndpointOf(path: string): Endpoint | undefined {
  if (path.startsWith('/adfs/services/trust/'))
    return path.endsWith('/mex') ? 'federation_metadata' : 'ws_trust'
  const { rest } = splitPath(path)
  if (/^userrealm\//i.test(rest)) return 'user_realm'
  return graphPaths.get(path) ?? afterTenant.get(rest)
}
