/** The authentication contexts of this provider: `pwd` is a password, `mfa` a password and an approval on a page. */
export const acrValues = ['pwd', 'mfa'] as const

export type Acr = (typeof acrValues)[number]

/** The first requested context that the provider knows (OpenID Connect Core §3.1.2.1: in order of preference). */
export const reachableAcr = (requested: readonly string[]): Acr | undefined =>
  requested.find((value): value is Acr => (acrValues as readonly string[]).includes(value))
