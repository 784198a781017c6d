import { keyIn } from '../records/shelf-keys.ts'
import { type AuthorityProfile, preferredHost } from './authority-profile.ts'

/**
 * Names the partition of one (issuer, client) pair. A client reads, writes, locks and hears only inside its own
 * partition, because two providers may know different apps by the same client id.
 *
 * The issuer is compared by scheme, host, port and path; one slash at its end does not count. At Entra the cloud stands
 * for the issuer, because its tenants and policies share home accounts and refresh tokens.
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

/** The partition of early versions, which all issuers of a client id shared. Its records are taken over. */
export const legacyPartition = encodeURIComponent as (clientId: string) => string

/**
 * Names the clients, in all tabs, that share a cache and a partition: the group that hears the same messages and waits
 * for the same locks.
 */
export const groupOf = (cacheName: string, partition: string): string =>
  keyIn(encodeURIComponent(cacheName), partition)
