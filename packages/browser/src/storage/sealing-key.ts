import { COLLECTIONS } from '../startup/database.ts'
import { ALGORITHM, isPublic, KEY_NAME, usableKey } from '../startup/seal.ts'
import type { Database } from './idb-database.ts'

/**
 * The key that seals the cache: AES-256-GCM, made once, not extractable. It is kept by structured
 * clone in the database, so scripts can use it and nobody can read it, a disk image included. Where it is gone
 * and records remain, nobody can open those: they go too, and `onDropped` is told.
 *
 * @param read The key, where it was read before over the same connection.
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
  // Two tabs may have come here at once: the first to write wins, and both use that key.
  const sealed = COLLECTIONS.filter((name) => !isPublic(name))
  const transaction = database.transaction(['keys', ...sealed], 'readwrite')
  const winner = usableKey(await transaction.objectStore('keys').get(KEY_NAME))
  if (!winner) {
    const counts = await Promise.all(sealed.map((name) => transaction.objectStore(name).count()))
    await Promise.all([
      ...sealed.map((name) => transaction.objectStore(name).clear()),
      transaction.objectStore('keys').put({ key: KEY_NAME, cryptoKey }),
    ])
    if (counts.some((count) => count > 0)) onDropped()
  }
  await transaction.done
  return winner ?? cryptoKey
}

/** Whether two keys are the same: then the one opens what the other sealed. */
export async function areSameKey(one: CryptoKey, other: CryptoKey): Promise<boolean> {
  const algorithm = { name: ALGORITHM.name, iv: crypto.getRandomValues(new Uint8Array(12)) }
  const sealed = await crypto.subtle.encrypt(algorithm, one, new Uint8Array(1))
  return crypto.subtle.decrypt(algorithm, other, sealed).then(
    () => true,
    () => false,
  )
}
