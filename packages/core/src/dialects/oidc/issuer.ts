const withoutSlash = (issuer: string) => issuer.replace(/\/$/, '')

/**
 * True if the issuer equals the authority. A slash at the end does not count, because both forms have the same discovery
 * URL (OpenID Connect Discovery 1.0 section 4.1). The authority may contain the default port or capital letters in the host.
 */
export const isIssuerOf = (issuer: string, authority: string): boolean =>
  [authority, new URL(authority).href].map(withoutSlash).includes(withoutSlash(issuer))
