import type { StoredRecord } from '@carnet/core'
import { TRANSACTION_COPY_PREFIX } from '@carnet/core'
import { fromBase64, toBase64 } from '../../storage/base64.ts'

/** A second copy of the transactions of redirects, in the `sessionStorage` of this tab. */
export interface TabTransactions {
  /** Returns true if the transaction survives the page: here, or in the store, which was written before. */
  save(record: StoredRecord, nowMs: number): Promise<boolean>
  /** Takes the value of a record, once. `undefined` if the store decides. */
  take(key: string): Promise<unknown>
}

/** The name and the key of a copy, derived from the `state`, which the copy does not contain. */
interface Derived {
  readonly name: string
  readonly key: CryptoKey
}

interface Content {
  /** True if the store failed when the copy was written: then the store knows nothing about this transaction. */
  readonly isOnlyCopy: boolean
  readonly value: unknown
}

/**
 * Creates the copies. A redirect must find its transaction again even if IndexedDB is refused, or no longer answers. Without
 * IndexedDB there is no place for a key. So HKDF (RFC 5869) derives the key from the `state`, which goes through the provider.
 * Neither the storage nor a URL alone reveals the code verifier.
 *
 * @param storeFails Returns true if the store works in memory only.
 */
export function createTabTransactions(
  storeFails: () => boolean,
  storage: () => Storage = () => sessionStorage,
): TabTransactions {
  return {
    async save({ key: secret, expiresAtMs, value }, nowMs) {
      const isOnlyCopy = storeFails()
      try {
        const tab = storage() // With some policies, the access throws.
        prune(tab, nowMs)
        const { name, key } = await derive(secret)
        const sealed = await seal({ isOnlyCopy, value }, name, key)
        tab.setItem(name, JSON.stringify({ expiresAtMs, ...sealed }))
        return true
      } catch {
        return !isOnlyCopy
      }
    },
    async take(secret) {
      try {
        const tab = storage()
        const { name, key } = await derive(secret)
        const text = tab.getItem(name)
        tab.removeItem(name)
        const { isOnlyCopy, value } = await unseal(JSON.parse(text ?? 'null'), name, key)
        // If the store works, another tab may have taken the transaction from it.
        return isOnlyCopy || storeFails() ? value : undefined
      } catch {
        return undefined
      }
    },
  }
}

function prune(tab: Storage, nowMs: number): void {
  for (const name of Object.keys(tab).filter((one) => one.startsWith(TRANSACTION_COPY_PREFIX))) {
    const expiresAtMs = Number(/"expiresAtMs":(\d+)/.exec(tab.getItem(name) ?? '')?.[1] ?? 0)
    if (expiresAtMs < nowMs) tab.removeItem(name)
  }
}

const bytesOf = (text: string) => new TextEncoder().encode(text)

async function derive(secret: string): Promise<Derived> {
  const input = await crypto.subtle.importKey('raw', bytesOf(secret), 'HKDF', false, [
    'deriveBits',
    'deriveKey',
  ])
  const hkdf = (info: string) => ({
    name: 'HKDF',
    hash: 'SHA-256',
    salt: new Uint8Array(),
    info: bytesOf(`carnet redirect ${info}`),
  })
  const [name, key] = await Promise.all([
    crypto.subtle.deriveBits(hkdf('name'), input, 128),
    crypto.subtle.deriveKey(hkdf('key'), input, { name: 'AES-GCM', length: 256 }, false, [
      'encrypt',
      'decrypt',
    ]),
  ])
  return { name: TRANSACTION_COPY_PREFIX + toBase64(new Uint8Array(name)), key }
}

async function seal(content: Content, name: string, key: CryptoKey) {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const algorithm = { name: 'AES-GCM', iv, additionalData: bytesOf(name) }
  const data = await crypto.subtle.encrypt(algorithm, key, bytesOf(JSON.stringify(content)))
  return { iv: toBase64(iv), data: toBase64(new Uint8Array(data)) }
}

/** @throws If the copy was not sealed with this key under this name. */
async function unseal(
  { iv, data }: { iv: string; data: string },
  name: string,
  key: CryptoKey,
): Promise<Content> {
  const algorithm = { name: 'AES-GCM', iv: fromBase64(iv), additionalData: bytesOf(name) }
  const text = await crypto.subtle.decrypt(algorithm, key, fromBase64(data))
  return JSON.parse(new TextDecoder().decode(text))
}
