/** What every client may ask for about the user; granted together, never declined one by one. */
export const identityScopes = ['openid', 'profile', 'email', 'offline_access'] as const

/** The scopes of the two APIs, with what the consent page calls them. */
export const apiScopes = {
  'calendar.read': 'See your calendar',
  'calendar.write': 'Add events to your calendar',
  'mail.read': 'Read your mail',
  'mail.send': 'Send mail in your name',
} as const

export type ApiScope = keyof typeof apiScopes

export const isApiScope = (scope: string): scope is ApiScope => Object.hasOwn(apiScopes, scope)

/**
 * The resources of an issuer (RFC 8707) and the scopes of each: `/api` stands for both APIs.
 *
 * The identity scopes belong to all of them: the `scope` of a token response is that of its access
 * token, and clients expect to find `openid` there when it was granted.
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
