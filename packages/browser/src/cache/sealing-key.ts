import type { Database } from './database.ts'

const KEY_NAME = 'seal-1'

/**
 * The key that seals the cache: AES-256-GCM, made once, not extractable. It is kept by structured
 * clone in the database, so scripts can use it and nobody can read it, a disk image included.
 */
export async function sealingKey(opening: Promise<Database>): Promise<CryptoKey> {
  const database = await opening
  const known = await database.get('keys', KEY_NAME)
  if (known) return known.cryptoKey

  const cryptoKey = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ])
  // Two tabs may have come here at once: the first to write wins, and both use that key.
  const transaction = database.transaction('keys', 'readwrite')
  const winner = await transaction.store.get(KEY_NAME)
  if (!winner) await transaction.store.add({ key: KEY_NAME, cryptoKey })
  await transaction.done
  return winner?.cryptoKey ?? cryptoKey
}
