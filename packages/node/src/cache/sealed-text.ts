import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Keyring } from './keyring.ts'

const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/** Names the place of a sealed text, with the id of its key. At another place the text does not open. */
export type Place = (keyId: string) => readonly unknown[]

/** Seals a text with AES-256-GCM, with the newest key and a random IV. */
export function sealText(keys: Keyring, place: Place, text: string): string {
  const { id, key } = keys.newest
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, iv)
  cipher.setAAD(boundTo(place(id)))
  const sealed = Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()])
  return `${id}.${sealed.toString('base64url')}`
}

/** Opens a sealed text, and returns it with the id of its key; `undefined` if no key of the keyring opens it at this place. */
export function openText(
  keys: Keyring,
  place: Place,
  sealed: string,
): { readonly text: string; readonly keyId: string } | undefined {
  const end = sealed.indexOf('.')
  const keyId = sealed.slice(0, Math.max(0, end))
  const known = keys.find(keyId)
  const bytes = Buffer.from(sealed.slice(end + 1), 'base64url')
  if (!known || bytes.length < IV_BYTES + TAG_BYTES) return undefined
  try {
    const decipher = createDecipheriv(ALGORITHM, known.key, bytes.subarray(0, IV_BYTES))
    decipher.setAAD(boundTo(place(keyId)))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const opened = decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES))
    decipher.final()
    return { text: opened.toString('utf8'), keyId }
  } catch {
    return undefined
  }
}

const boundTo = (place: readonly unknown[]) => Buffer.from(JSON.stringify(place))
