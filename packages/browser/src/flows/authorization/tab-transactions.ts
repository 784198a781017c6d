import type { StoredRecord } from '@carnet/core'
import { TRANSACTION_COPY_PREFIX } from '@carnet/core'
import { fromBase64, toBase64 } from '../../storage/base64.ts'

/** A second copy of the transactions of redirects, in the `sessionStorage` of this tab. */
export interface TabTransactions {
  /** Says whether the transaction outlives the page: here, or in the store, which was written before. */
  save(record: StoredRecord, nowMs: number): Promise<boolean>
  /** Takes the value of a record, once. Nothing where the store is the one to ask. */
  take(key: string): Promise<unknown>
}

/** Both the name and the key of a copy come from its `state`, which the copy does not hold. */
interface Derived {
  readonly name: string
  readonly key: CryptoKey
}

interface Content {
  /** The store failed when this was written: its answer says nothing about this transaction. */
  readonly isOnlyCopy: boolean
  readonly value: unknown
}

/**
 * A redirect must find its transaction again although IndexedDB was refused, or does not answer any more. Without
 * IndexedDB there is no place for a key either. So the copy is sealed under a key that HKDF (RFC 5869) derives from the
 * `state`, which travels through the provider: neither the storage nor an address alone tells the code verifier.
 *
 * @param storeFails Whether the store works from memory only.
 */
export function createTabTransactions(
  storeFails: () => boolean,
  storage: () => Storage = () => sessionStorage,
): TabTransactions {
  return {
    async save({ key: secret, expiresAtMs, value }, nowMs) {
      const isOnlyCopy = storeFails()
      try {
        const tab = storage() // Some policies make the mere access throw.
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
        // Where the store answers, another tab may have taken the transaction there.
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

/** @throws Where it was not sealed with this key under this name. */
async function unseal(
  { iv, data }: { iv: string; data: string },
  name: string,
  key: CryptoKey,
): Promise<Content> {
  const algorithm = { name: 'AES-GCM', iv: fromBase64(iv), additionalData: bytesOf(name) }
  const text = await crypto.subtle.decrypt(algorithm, key, fromBase64(data))
  return JSON.parse(new TextDecoder().decode(text))
}
