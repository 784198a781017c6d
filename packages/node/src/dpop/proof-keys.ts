import {
  AuthError,
  isAuthError,
  type Platform,
  type RecordStore,
  type StoreChange,
} from '@carnet/core'
import type { ProofAlgorithm, ProofKey } from '@carnet/core/dpop'
import { formatOf, instant, shape, text } from '@carnet/core/records'
import { generateProofKey, type PrivateKey, readText, textOf, usable } from './private-key.ts'

/** The keys of one client for bound tokens. */
export interface ProofKeys {
  /** The key for new tokens: the same on all machines that share a store. */
  current(alg: ProofAlgorithm): Promise<ProofKey>
  /**
   * Finds a key by its thumbprint.
   *
   * @throws AuthError `store_unavailable` if the store is down and this process does not have the key: it may still exist.
   */
  find(jkt: string): Promise<ProofKey | undefined>
  /** True if this process has the key in memory. */
  holds(jkt: string): boolean
  /** Writes the keys of this process to a store that lost its records. */
  refill(): Promise<void>
}

interface StoredKey {
  readonly jwk: string
  readonly createdAtMs: number
}

const format = formatOf<StoredKey>(1, shape<StoredKey>({ jwk: text, createdAtMs: instant }))

const DAY_MS = 24 * 3_600_000
/** A key in use is written again after a tenth of this time, so that it outlives all its tokens. */
const KEPT_FOR_MS = 400 * DAY_MS

interface KeysDeps {
  readonly partition: string
  readonly store: Pick<RecordStore, 'get' | 'find' | 'write'>
  readonly platform: Pick<Platform, 'now' | 'withLock' | 'log'>
  readonly isStoreDown: () => boolean
}

interface HeldKey extends PrivateKey, StoredKey {
  readonly proofKey: ProofKey
}

/** Creates the keys of a client that the app gave one key. */
export const createGivenKey = (given: ProofKey): ProofKeys => ({
  current: async () => given,
  find: async (jkt) => (jkt === given.jkt ? given : undefined),
  holds: (jkt) => jkt === given.jkt,
  refill: async () => undefined,
})

/**
 * Creates the keys of a client. All of them are records of its store, sealed like tokens. If two machines create the first key at
 * the same time, both keys stay good, and all machines go on with the older one.
 */
export function createProofKeys({ partition, store, platform, isStoreDown }: KeysDeps): ProofKeys {
  const tag = `${partition}|%dpop|keys`
  const held = new Map<string, HeldKey>()
  const currents = new Map<ProofAlgorithm, Promise<HeldKey>>()
  const writtenAtMs = new Map<string, number>()

  function changeOf({ proofKey, jwk, createdAtMs }: HeldKey): StoreChange {
    writtenAtMs.set(proofKey.jkt, platform.now())
    const record = {
      key: `${tag}|${proofKey.jkt}`,
      tags: [tag],
      expiresAtMs: platform.now() + KEPT_FOR_MS,
      value: format.write({ jwk, createdAtMs }),
    }
    return { type: 'put', collection: 'metadata', record }
  }

  async function hold(key: PrivateKey, { jwk, createdAtMs }: StoredKey): Promise<HeldKey> {
    const proofKey = await usable(key)
    const known = held.get(proofKey.jkt) ?? { ...key, jwk, createdAtMs, proofKey }
    held.set(proofKey.jkt, known)
    return known
  }

  async function read(value: unknown): Promise<HeldKey | undefined> {
    const stored = format.read(value)
    return stored && hold(readText(stored.jwk), stored)
  }

  async function oldest(alg: ProofAlgorithm): Promise<HeldKey | undefined> {
    const found = await store.find('metadata', tag)
    const keys = await Promise.all(found.map(({ value }) => read(value)))
    const usableKeys = keys.flatMap((key) => (key?.alg === alg ? key : []))
    return usableKeys.sort((a, b) => a.createdAtMs - b.createdAtMs)[0]
  }

  async function create(alg: ProofAlgorithm): Promise<HeldKey> {
    const key = generateProofKey(alg)
    const made = await hold(key, { jwk: textOf(key), createdAtMs: platform.now() })
    await store.write([changeOf(made)])
    return made
  }

  const open = async (alg: ProofAlgorithm): Promise<HeldKey> =>
    (await oldest(alg)) ??
    platform.withLock(`${tag}|lock`, async () => (await oldest(alg)) ?? create(alg))

  return {
    async current(alg) {
      const opening = currents.get(alg) ?? open(alg)
      currents.set(alg, opening)
      try {
        const key = await opening
        const lastMs = writtenAtMs.get(key.proofKey.jkt) ?? 0
        // The key may have been read and not written by this process: then it is written once.
        if (platform.now() - lastMs > KEPT_FOR_MS / 10)
          store.write([changeOf(key)]).catch(() => undefined)
        return key.proofKey
      } catch (error) {
        currents.delete(alg)
        throw error
      }
    },
    async find(jkt) {
      const known = held.get(jkt)
      if (known) return known.proofKey
      const stored = await store.get('metadata', `${tag}|${jkt}`)
      if (!stored && isStoreDown())
        throw new AuthError('store_unavailable', 'The store that holds the key of tokens is down.')
      return (await read(stored?.value))?.proofKey
    },
    holds: (jkt) => held.has(jkt),
    async refill() {
      const writes = [...held.values()].map((key) => store.write([changeOf(key)]))
      for (const { reason } of (await Promise.allSettled(writes)).filter(isRejected))
        platform.log('warn', `A key was not written again: ${isAuthError(reason) && reason.code}.`)
    },
  }
}

const isRejected = (one: PromiseSettledResult<unknown>): one is PromiseRejectedResult =>
  one.status === 'rejected'
