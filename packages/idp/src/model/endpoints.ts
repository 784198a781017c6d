/** The endpoints with statistics, latency and faults. The control API uses these names. */
export const endpoints = [
  'discovery',
  'jwks',
  'authorization',
  'token',
  'userinfo',
  'revocation',
  'end_session',
  'calendar',
  'mail',
  'api',
  'par',
  'device_authorization',
  'resource_metadata',
  'user_realm',
  'federation_metadata',
  'ws_trust',
] as const

export type Endpoint = (typeof endpoints)[number]

const endpointByPath = new Map<string, Endpoint>([
  ['/.well-known/openid-configuration', 'discovery'],
  ['/.well-known/oauth-authorization-server', 'discovery'],
  ['/jwks', 'jwks'],
  ['/auth', 'authorization'],
  ['/token', 'token'],
  ['/me', 'userinfo'],
  ['/token/revocation', 'revocation'],
  ['/session/end', 'end_session'],
  ['/request', 'par'],
  ['/device/auth', 'device_authorization'],
])

/** The endpoint of a path. Pages have none, and neither has `/auth/:uid`, which resumes a counted request. */
export function endpointOf(path: string): Endpoint | undefined {
  if (path.startsWith('/api/calendar/')) return 'calendar'
  if (path.startsWith('/api/mail/')) return 'mail'
  if (path.startsWith('/api/')) return 'api'
  if (path.startsWith('/.well-known/oauth-protected-resource/')) return 'resource_metadata'
  return endpointByPath.get(path)
}

export const isEndpoint = (value: unknown): value is Endpoint =>
  (endpoints as readonly unknown[]).includes(value)
