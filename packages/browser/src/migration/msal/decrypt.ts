import { fromBase64 } from '../../storage/base64.ts'
import { parseEntry } from '../found.ts'

/** The cookie with the key, which ends with the browser session. */
const COOKIE = 'msal.cache.encryption'

/** Reads an entry that `@azure/msal-browser` has encrypted. */
export interface Decrypter {
  /**
   * Returns the text of an entry.
   *
   * @param key The key of the entry in web storage.
   * @returns `undefined` if the cookie is missing, has another key, or the data was changed.
   */
  decrypt(key: string, entry: EncryptedEntry): Promise<string | undefined>
}

/** An encrypted entry. `id` names the key. */
export interface EncryptedEntry {
  readonly id: string
  readonly nonce: string
  readonly data: string
}

/** The parts of an encrypted entry; `undefined` for an entry in clear. */
export function encryptedEntry(entry: Record<string, unknown>): EncryptedEntry | undefined {
  const { id, nonce, data } = entry
  const isEncrypted = [id, nonce, data].every((part) => typeof part === 'string')
  return isEncrypted ? (entry as unknown as EncryptedEntry) : undefined
}

/**
 * Creates the decrypter for the entries of a client. Each entry has its own AES-GCM key of 256 bits: HKDF with SHA-256 derives
 * it from the key in the cookie, with the nonce as salt, and with the client id as info if the key of the entry contains it.
 *
 * @param cookies The text of `document.cookie`.
 */
export function createDecrypter(clientId: string, cookies: string): Decrypter {
  const held = keyInCookie(cookies)
  const importing = held && importKey(held.key)
  return {
    async decrypt(key, { id, nonce, data }) {
      const base = await importing
      if (!held || !base || id !== held.id) return undefined
      const info = new TextEncoder().encode(key.includes(clientId) ? clientId : '')
      try {
        const derived = await crypto.subtle.deriveKey(
          { name: 'HKDF', hash: 'SHA-256', salt: fromBase64Url(nonce), info },
          base,
          { name: 'AES-GCM', length: 256 },
          false,
          ['decrypt'],
        )
        // The key is used for one entry only, so the vector is constant.
        const algorithm = { name: 'AES-GCM', iv: new Uint8Array(12) }
        const plain = await crypto.subtle.decrypt(algorithm, derived, fromBase64Url(data))
        return new TextDecoder().decode(plain)
      } catch {
        return undefined
      }
    },
  }
}

async function importKey(key: string): Promise<CryptoKey | undefined> {
  try {
    return await crypto.subtle.importKey('raw', fromBase64Url(key), 'HKDF', false, ['deriveKey'])
  } catch {
    return undefined
  }
}

function keyInCookie(cookies: string): { id: string; key: string } | undefined {
  for (const pair of cookies.split('; ')) {
    const [name = '', ...value] = pair.split('=')
    if (decoded(name) !== COOKIE) continue
    const { id, key } = parseEntry(decoded(value.join('='))) ?? {}
    if (typeof id === 'string' && typeof key === 'string') return { id, key }
  }
  return undefined
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}

const fromBase64Url = (text: string) => fromBase64(text.replaceAll('-', '+').replaceAll('_', '/'))
