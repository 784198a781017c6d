const withoutSlash = (issuer: string) => issuer.replace(/\/$/, '')

/**
 * True if the issuer is the authority, apart from a slash at the end: both forms name the same document (OpenID Connect
 * Discovery 1.0 section 4.1). The authority may spell out the default port, or its host in capitals.
 */
export const isIssuerOf = (issuer: string, authority: string): boolean =>
  [authority, new URL(authority).href].map(withoutSlash).includes(withoutSlash(issuer))
