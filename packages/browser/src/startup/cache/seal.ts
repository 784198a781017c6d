import type { Collection, StoredRecord } from '@carnet/core'

/** A value that only the holder of the key can read. */
export interface Sealed {
  readonly version: 1
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

export const KEY_NAME = 'seal-1'
export const ALGORITHM = { name: 'AES-GCM', length: 256 }

/** True for collections without user data, which are not encrypted. */
export const isPublic = (collection: Collection): boolean => collection === 'metadata'

/**
 * The stored key, if it is usable. WebKit returns `null` for a key that its keychain can no longer open.
 */
export function usableKey(stored: { cryptoKey: unknown } | undefined): CryptoKey | undefined {
  const key = stored?.cryptoKey
  const opens =
    key instanceof CryptoKey && key.algorithm.name === ALGORITHM.name && key.usages.length === 2
  return opens ? key : undefined
}

/** The algorithm for one record. It authenticates collection and key: a record that is copied over another does not open. */
export const algorithmFor = (
  collection: Collection,
  key: string,
  iv: Uint8Array<ArrayBuffer>,
): AesGcmParams => ({
  name: ALGORITHM.name,
  iv,
  additionalData: new TextEncoder().encode(`1|${collection}|${key}`),
})

/** Opens a sealed record. @throws If another key sealed it, or if it was truncated or moved. */
export async function unseal(
  collection: Collection,
  record: StoredRecord,
  key: CryptoKey,
): Promise<StoredRecord> {
  const { version, iv, data } = Object(record.value) as Partial<Sealed>
  if (version !== 1 || !(iv instanceof Uint8Array) || !(data instanceof ArrayBuffer))
    throw new TypeError('not sealed')
  const text = await crypto.subtle.decrypt(algorithmFor(collection, record.key, iv), key, data)
  return { ...record, value: JSON.parse(new TextDecoder().decode(text)) }
}
