/** The scopes about the user. Users grant or decline them as a whole. */
export const identityScopes = ['openid', 'profile', 'email', 'offline_access'] as const

/** The scopes of the two APIs and their text on the consent page. */
export const apiScopes = {
  'calendar.read': 'See your calendar',
  'calendar.write': 'Add events to your calendar',
  'mail.read': 'Read your mail',
  'mail.send': 'Send mail in your name',
} as const

export type ApiScope = keyof typeof apiScopes

export const isApiScope = (scope: string): scope is ApiScope => Object.hasOwn(apiScopes, scope)

/**
 * The resources of an issuer (RFC 8707) and their scopes. The resource `/api` covers both APIs.
 *
 * Each resource includes the identity scopes. The `scope` of a token response lists the scopes of the
 * access token, and clients expect a granted `openid` there.
 */
export function resourcesOf(issuer: string): ReadonlyMap<string, readonly string[]> {
  const named = (prefix: string) => Object.keys(apiScopes).filter((name) => name.startsWith(prefix))
  return new Map([
    [`${issuer}/api`, [...identityScopes, ...named('')]],
    [`${issuer}/calendar`, [...identityScopes, ...named('calendar.')]],
    [`${issuer}/mail`, [...identityScopes, ...named('mail.')]],
  ])
}

export const defaultResourceOf = (issuer: string): string => `${issuer}/api`
