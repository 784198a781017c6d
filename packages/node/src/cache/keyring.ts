import { createHash, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { AuthError } from '@carnet/core'

/** A key of a keyring. */
export interface SealKey {
  /** Names the key in sealed values. It is not secret. */
  readonly id: string
  readonly key: KeyObject
}

/** The keys that seal the values of a store. The first key seals, and every key opens. */
export interface Keyring {
  readonly newest: SealKey
  find(id: string): SealKey | undefined
  /** The ids of the keys, newest first. */
  readonly ids: readonly string[]
}

const KEY_BYTES = 32

/** Creates a key for `keyring`: 256 random bits as base64url. */
export const newSealKey = (): string => randomBytes(KEY_BYTES).toString('base64url')

/**
 * Creates a keyring.
 *
 * To change the key: add the new key at the end on every machine, then move it to the front, then remove the old key when
 * `health().oldestKeyInUse` no longer names it.
 *
 * @param keys Keys of 256 bits in base64, base64url or hex, the newest first: an array, or a text with commas or spaces. A key
 * may have a name before it: `2026-11:<key>`. Default name: derived from the key.
 * @throws AuthError `invalid_options` if a key is missing or has another length.
 */
export function keyring(keys: string | readonly string[] | undefined): Keyring {
  const texts = typeof keys === 'string' ? keys.split(/[\s,]+/).filter(Boolean) : (keys ?? [])
  const parsed = texts.map(parseKey)
  const [newest] = parsed
  if (!newest) throw new AuthError('invalid_options', '`keys` must have at least one key.')
  const byId = new Map([...parsed].reverse().map((one) => [one.id, one]))
  if (byId.size < parsed.length)
    throw new AuthError('invalid_options', 'Two keys of the keyring have the same name.')
  return { newest, find: (id) => byId.get(id), ids: parsed.map(({ id }) => id) }
}

function parseKey(text: string, index: number): SealKey {
  const [, name, encoded = ''] = /^(?:([\w-]{1,32}):)?(.+)$/.exec(text) ?? []
  const isHex = /^[0-9a-f]{64}$/i.test(encoded)
  const bytes = Buffer.from(encoded, isHex ? 'hex' : 'base64')
  if (bytes.length !== KEY_BYTES)
    throw new AuthError(
      'invalid_options',
      `Key ${index + 1} of the keyring must have ${KEY_BYTES} bytes in base64, base64url or hex.`,
    )
  const id = name ?? createHash('sha256').update('key id').update(bytes).digest('hex').slice(0, 8)
  return { id, key: createSecretKey(bytes) }
}
