import { COLLECTIONS } from '../startup/cache/database.ts'
import { ALGORITHM, isPublic, KEY_NAME, usableKey } from '../startup/cache/seal.ts'
import type { Database } from './idb-database.ts'
import { place } from './transactions.ts'

/**
 * Returns the key that seals the cache (AES-256-GCM, not extractable), and creates it at first use. The database stores the
 * key object itself, so scripts can use the key but not export it. If the key is missing, existing records can no longer be
 * opened: they are deleted, and `onDropped` is called.
 *
 * @param read The key, if it was read before over the same connection.
 */
export async function sealingKey(
  opening: Promise<Database>,
  onDropped: () => void = () => undefined,
  read?: Promise<CryptoKey | undefined>,
): Promise<CryptoKey> {
  const found = await read?.catch(() => undefined)
  const database = await opening
  const known = found ?? usableKey(await database.get('keys', KEY_NAME))
  if (known) return known

  const cryptoKey = await crypto.subtle.generateKey(ALGORITHM, false, ['encrypt', 'decrypt'])
  // Two tabs may create a key at once: both use the key that is written first.
  const sealed = COLLECTIONS.filter((name) => !isPublic(name))
  const transaction = database.transaction(['keys', ...sealed], 'readwrite')
  const winner = usableKey(await transaction.objectStore('keys').get(KEY_NAME))
  if (!winner) {
    const counts = await Promise.all(sealed.map((name) => transaction.objectStore(name).count()))
    for (const name of sealed) place(transaction.objectStore(name).clear())
    place(transaction.objectStore('keys').put({ key: KEY_NAME, cryptoKey }))
    if (counts.some((count) => count > 0)) onDropped()
  }
  transaction.commit() // An open transaction of a page that is left would block other tabs.
  await transaction.done
  return winner ?? cryptoKey
}

/** True if two keys are equal. It seals a value with the first key and opens it with the second. */
export async function areSameKey(one: CryptoKey, other: CryptoKey): Promise<boolean> {
  const algorithm = { name: ALGORITHM.name, iv: crypto.getRandomValues(new Uint8Array(12)) }
  const sealed = await crypto.subtle.encrypt(algorithm, one, new Uint8Array(1))
  return crypto.subtle.decrypt(algorithm, other, sealed).then(
    () => true,
    () => false,
  )
}
