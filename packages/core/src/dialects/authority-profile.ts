/** How an authority speaks: plain OpenID Connect, or the dialect of Microsoft Entra ID. */
export type AuthorityProfile = 'oidc' | 'entra'

/** Hosts that serve the same tenants; the first of a group stands for all in the cache. */
const CLOUDS: readonly (readonly string[])[] = [
  ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
  ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
  ['login.microsoftonline.de'],
]

/** Hosts of customer directories: External ID and B2C. */
const CUSTOMER_HOST = /\.(ciamlogin|b2clogin)\.com$/

/** Which profile fits an authority, by its host. A host of one's own needs `authorityProfile`. */
export function detectProfile(authority: string): AuthorityProfile {
  const { hostname } = new URL(authority)
  const isEntra = CUSTOMER_HOST.test(hostname) || CLOUDS.some((cloud) => cloud.includes(hostname))
  return isEntra ? 'entra' : 'oidc'
}

/** The host that stands for all of its cloud; any other host stands for itself. */
export const preferredHost = (host: string): string =>
  CLOUDS.find((cloud) => cloud.includes(host))?.[0] ?? host
