import { keyIn } from '../records/keys/first-keys.ts'

/** The dialect of an authority: plain OpenID Connect, Microsoft Entra ID, or Auth0. */
export type AuthorityProfile = 'oidc' | 'entra' | 'auth0'

// The hosts and the partitions share a module. Otherwise a bundler would put the hosts into a separate file.

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
  return isEntra ? 'entra' : hostname.endsWith('.auth0.com') ? 'auth0' : 'oidc'
}

/** The profile of a client: the profile in the options, else the profile for the host. */
export const profileOf = (
  authority: string,
  named: 'auto' | AuthorityProfile = 'auto',
): AuthorityProfile => (named === 'auto' ? detectProfile(authority) : named)

/** The first host of the cloud that `host` belongs to; any other host unchanged. */
export const preferredHost = (host: string): string =>
  CLOUDS.find((cloud) => cloud.includes(host))?.[0] ?? host

/**
 * Names the partition of one (issuer, client) pair. A client reads, writes, locks and receives messages only inside its own
 * partition, because two providers may use the same client id for different apps.
 *
 * The name contains the scheme, host, port and path of the issuer; one slash at its end does not count. On Entra it
 * contains the cloud instead, because the tenants and policies of a cloud share home accounts and refresh tokens.
 *
 * The name contains no `|`, so it can be the first part of a record key. It contains a `+`, which no `legacyPartition`
 * contains.
 */
export function partitionOf(
  authority: string,
  clientId: string,
  profile: AuthorityProfile,
): string {
  const { host, href } = new URL(authority)
  const issuer = profile === 'entra' ? `entra:${preferredHost(host)}` : href.replace(/\/$/, '')
  return `${encodeURIComponent(issuer)}+${encodeURIComponent(clientId)}`
}

/** The partition of early versions, which all issuers of a client id shared. `adoptRecords` moves its records. */
export const legacyPartition = encodeURIComponent as (clientId: string) => string

/**
 * Names the group of all clients, in all tabs, that share a cache and a partition. They receive the same messages and wait
 * for the same locks.
 */
export const groupOf = (cacheName: string, partition: string): string =>
  keyIn(encodeURIComponent(cacheName), partition)
