/** The `scopes` of a result for some scopes of an API: those that every sign-in asks for are granted with them. */
export const granted = (...scopes: readonly string[]): string[] => [
  ...scopes,
  'offline_access',
  'openid',
  'profile',
]
