/** The dialect of an authority: plain OpenID Connect, or Microsoft Entra ID. */
export type AuthorityProfile = 'oidc' | 'entra'

/** Hosts that serve the same tenants. The cache uses the first host of a group for all of them. */
const CLOUDS: readonly (readonly string[])[] = [
  ['login.microsoftonline.com', 'login.windows.net', 'login.microsoft.com', 'sts.windows.net'],
  ['login.microsoftonline.us', 'login.usgovcloudapi.net'],
  ['login.partner.microsoftonline.cn', 'login.chinacloudapi.cn'],
  ['login.microsoftonline.de'],
]

/** Hosts of customer directories: External ID and B2C. */
const CUSTOMER_HOST = /\.(ciamlogin|b2clogin)\.com$/

/** Detects the dialect of an authority by its host. Entra behind a custom domain needs the option `authorityProfile`. */
export function detectProfile(authority: string): AuthorityProfile {
  const { hostname } = new URL(authority)
  const isEntra = CUSTOMER_HOST.test(hostname) || CLOUDS.some((cloud) => cloud.includes(hostname))
  return isEntra ? 'entra' : 'oidc'
}

/** The first host of the cloud that `host` belongs to; any other host unchanged. */
export const preferredHost = (host: string): string =>
  CLOUDS.find((cloud) => cloud.includes(host))?.[0] ?? host
