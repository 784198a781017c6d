import { groupOf, partitionOf, profileOf } from '@carnet/core/base'
import type { FirstConfig } from '../api/config.ts'
import type { AuthClientOptions } from '../api/options.ts'
import { clientMark } from './client-mark.ts'

/** The configuration for the start of a page, from valid options; `wholeConfig` fills in the rest. */
export function firstConfig(options: AuthClientOptions, origin: string): FirstConfig {
  const { cache = {}, clock, logger, authorityProfile } = options
  const { location = 'indexeddb', name = 'carnet', store, persist = false } = cache
  const { clientId, authority } = options
  const profile = profileOf(authority, authorityProfile)
  const partition = partitionOf(options.issuer ?? authority, clientId, profile)
  const group = groupOf(name, partition)
  return {
    // An app may change its object later.
    given: { ...options, renewal: { ...options.renewal }, silent: { ...options.silent } },
    clientId,
    authority,
    profile,
    partition,
    group,
    mark: clientMark(group),
    redirectUri: new URL(options.redirectUri ?? '/', origin).href,
    responseMode: options.responseMode ?? 'fragment',
    cache: { location, name, store, persist },
    interaction: options.interaction ?? {},
    log(level, message) {
      try {
        logger?.({ level, message })
      } catch (error) {
        reportError(error) // A failing logger must not stop the client.
      }
    },
    // Read `Date` at each call: tests replace the global after they create the client.
    now: () => (clock ?? Date).now(),
  }
}
