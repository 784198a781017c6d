/** The `scopes` of a result: the scopes of an API and the default scopes of every sign-in. */
export const granted = (...scopes: readonly string[]): string[] => [
  ...scopes,
  'offline_access',
  'openid',
  'profile',
]
