import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Keyring } from '../cache/keyring.ts'

const ALGORITHM = 'aes-256-gcm'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Seals a text for the browser with AES-256-GCM.
 *
 * @param place Names the place of the text. At another place it does not open.
 */
export function sealText(keys: Keyring, place: readonly string[], text: string): string {
  const { id, key } = keys.newest
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, iv)
  cipher.setAAD(boundTo(id, place))
  const sealed = Buffer.concat([iv, cipher.update(text), cipher.final(), cipher.getAuthTag()])
  return `${id}.${sealed.toString('base64url')}`
}

/** Opens a sealed text; `undefined` if no key of the keyring opens it at this place. */
export function openText(
  keys: Keyring,
  place: readonly string[],
  sealed: string,
): string | undefined {
  const end = sealed.indexOf('.')
  const id = sealed.slice(0, Math.max(0, end))
  const known = keys.find(id)
  const bytes = Buffer.from(sealed.slice(end + 1), 'base64url')
  if (!known || bytes.length < IV_BYTES + TAG_BYTES) return undefined
  try {
    const decipher = createDecipheriv(ALGORITHM, known.key, bytes.subarray(0, IV_BYTES))
    decipher.setAAD(boundTo(id, place))
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    const body = bytes.subarray(IV_BYTES, -TAG_BYTES)
    return decipher.update(body, undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return undefined
  }
}

const boundTo = (keyId: string, place: readonly string[]) =>
  Buffer.from(JSON.stringify(['browser', 1, keyId, ...place]))
