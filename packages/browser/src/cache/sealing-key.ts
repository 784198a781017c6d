import type { Database } from './database.ts'

const KEY_NAME = 'seal-1'
const ALGORITHM = { name: 'AES-GCM', length: 256 }

/**
 * The key that seals the cache: AES-256-GCM, made once, not extractable. It is kept by structured
 * clone in the database, so scripts can use it and nobody can read it, a disk image included.
 */
export async function sealingKey(opening: Promise<Database>): Promise<CryptoKey> {
  const database = await opening
  const known = usable(await database.get('keys', KEY_NAME))
  if (known) return known

  const cryptoKey = await crypto.subtle.generateKey(ALGORITHM, false, ['encrypt', 'decrypt'])
  // Two tabs may have come here at once: the first to write wins, and both use that key.
  const transaction = database.transaction('keys', 'readwrite')
  const winner = usable(await transaction.store.get(KEY_NAME))
  if (!winner) await transaction.store.put({ key: KEY_NAME, cryptoKey })
  await transaction.done
  return winner ?? cryptoKey
}

/** WebKit gives `null` for a key that its keychain cannot open any more: what it sealed is lost, storage is not. */
function usable(stored: { cryptoKey: unknown } | undefined): CryptoKey | undefined {
  const key = stored?.cryptoKey
  const opens =
    key instanceof CryptoKey && key.algorithm.name === ALGORITHM.name && key.usages.length === 2
  return opens ? key : undefined
}
