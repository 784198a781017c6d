import { done } from '../done.ts'

/** The least code that stores an encrypted token: one database, one key, one record. */
export interface Stored {
  readonly key: CryptoKey
  readonly iv: Uint8Array<ArrayBuffer>
  readonly data: ArrayBuffer
}

export async function openFloor(): Promise<IDBDatabase> {
  const opening = indexedDB.open('floor', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('tokens')
  return done(opening)
}

/** Reads the record with one transaction and one decryption. */
export async function readToken(database: IDBDatabase): Promise<string | undefined> {
  const table = database.transaction('tokens').objectStore('tokens')
  const stored = await done<Stored | undefined>(table.get('token'))
  if (!stored) return undefined
  const { key, iv, data } = stored
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, data)
  return JSON.parse(new TextDecoder().decode(text)).accessToken
}
