import { keyIn } from '../records/keys/first-keys.ts'
import { type AuthorityProfile, preferredHost } from './authority-profile.ts'

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
