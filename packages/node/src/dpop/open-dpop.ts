/** The part for tokens that are bound to a key (RFC 9449). Clients without the option `dpop` never load it. */
import type { KeyObject } from 'node:crypto'
import type { Platform, RecordStore } from '@carnet/core'
import type { ProofAlgorithm } from '@carnet/core/dpop'
import { readProofKey, usable } from './private-key.ts'
import { createGivenKey, createProofKeys } from './proof-keys.ts'
import { createServiceDpop, type ServiceDpop } from './service-dpop.ts'

/** The wish of the app. */
export interface WantedDpop {
  /** The app's own key. Default: Carnet creates one. */
  readonly key: string | KeyObject | undefined
  /** The algorithm of proofs. Default: the best one of the provider. */
  readonly algorithm: ProofAlgorithm | undefined
}

interface OpenDeps {
  readonly clientId: string
  readonly partition: string
  readonly platform: Platform
  readonly store: RecordStore
  readonly isStoreDown: () => boolean
  /** The time by the clock of the provider, as far as it is known. */
  readonly providerNow: () => number
  /** True if another machine may redeem a code of this one, but does not have its key. */
  readonly isApart: boolean
}

/** Opens the part. @throws AuthError `invalid_options` or `credential_unusable` for a wrong key. */
export async function openDpop(
  { key, algorithm }: WantedDpop,
  { clientId, partition, platform, store, isStoreDown, providerNow, isApart }: OpenDeps,
): Promise<ServiceDpop> {
  const given = key === undefined ? undefined : await usable(readProofKey(key))
  const keys = given
    ? createGivenKey(given)
    : createProofKeys({ partition, store, platform, isStoreDown })
  const { now } = platform
  return createServiceDpop({ clientId, algorithm, isApart, keys, given, providerNow, now })
}
