import fc from 'fast-check'
import { expect, test } from 'vitest'
import { memoryStore } from '../stores/memory-store.ts'
import { decodeValue, encodeValue } from '../stores/value-codec.ts'
import { keyring, newSealKey } from './keyring.ts'
import { createRecordNames } from './record-names.ts'
import { createSealedStore } from './sealed-store.ts'

const names = createRecordNames('partition')
const SECRET = 's3cret-token'

const put = (key: string, value: unknown = SECRET) =>
  ({
    type: 'put',
    collection: 'refreshTokens',
    record: { key, tags: [`${key}|tag`], expiresAtMs: Date.now() + 60_000, value },
  }) as const

test('neither values nor names are stored in clear', async () => {
  const inner = memoryStore()
  const store = createSealedStore(inner, keyring(newSealKey()), names)
  const key = 'partition|login.example|alice@contoso.example|tenant'
  await store.write([put(key)])
  const stored = JSON.stringify(await inner.get('refreshTokens', names.nameOf(key)))
  expect(stored).toContain('value')
  for (const text of [SECRET, 'alice', 'login.example', 'partition'])
    expect(stored).not.toContain(text)
  expect((await store.get('refreshTokens', key))?.value).toBe(SECRET)
  expect((await store.find('refreshTokens', `${key}|tag`))[0]?.key).toBe(key)
})

test('all names of one owner are in one slot of a cluster, and other owners are elsewhere', () => {
  const slot = (text: string, key?: string) => /^\{[^}]+\}/.exec(names.nameOf(text, key))?.[0]
  const session = 'partition|%session|job'
  expect(slot(`${session}|Bearer||read`)).toBe(slot(session))
  expect(slot('a random id', session)).toBe(slot(session))
  expect(slot('partition|%session|other')).not.toBe(slot(session))
  expect(slot('partition|%app|id|tenant|Bearer')).toBe(slot('partition|%app|id|tenant'))
  expect(slot('partition|%app|id|other|Bearer')).not.toBe(slot('partition|%app|id|tenant'))
})

test('a record that was copied to the name of another owner does not open', async () => {
  const inner = memoryStore()
  const store = createSealedStore(inner, keyring(newSealKey()), names)
  await store.write([put('partition|alice'), put('partition|bob', 'of bob')])
  const ofAlice = await inner.get('refreshTokens', names.nameOf('partition|alice'))
  const ofBob = await inner.get('refreshTokens', names.nameOf('partition|bob'))
  if (!ofAlice || !ofBob) throw new Error('A record is missing.')
  const swapped = { ...ofBob, value: ofAlice.value }
  await inner.write([{ type: 'put', collection: 'refreshTokens', record: swapped }])
  expect(await store.get('refreshTokens', 'partition|bob')).toBeUndefined()
  const moved = { ...ofAlice, expiresAtMs: ofAlice.expiresAtMs + 1 }
  await inner.write([{ type: 'put', collection: 'refreshTokens', record: moved }])
  expect(await store.get('refreshTokens', 'partition|alice')).toBeUndefined()
  expect(store.unreadableRecords()).toBe(2)
})

test('any change of a sealed value is refused, and never thrown', async () => {
  const inner = memoryStore()
  const store = createSealedStore(inner, keyring(newSealKey()), names)
  await store.write([put('partition|alice')])
  const record = await inner.get('refreshTokens', names.nameOf('partition|alice'))
  if (!record) throw new Error('The record is missing.')
  const value = String(record.value)
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(
        fc.anything(),
        fc.nat(value.length - 1).map((at) => value.slice(0, at) + value.slice(at + 1)),
      ),
      async (changed) => {
        const forged = { ...record, value: changed }
        await inner.write([{ type: 'put', collection: 'refreshTokens', record: forged }])
        expect(await store.get('refreshTokens', 'partition|alice')).toBeUndefined()
      },
    ),
    // `String` throws for the second example.
    { numRuns: 200, examples: [[undefined], [{ toString: {} }]] },
  )
})

test('a keyring rotates: the newest key seals, older keys open, a lost key loses records only', async () => {
  const inner = memoryStore()
  const [first, second] = [`old:${newSealKey()}`, `new:${newSealKey()}`]
  const before = createSealedStore(inner, keyring(first), names)
  await before.write([put('partition|alice')])
  const after = createSealedStore(inner, keyring([second, first]), names)
  expect((await after.get('refreshTokens', 'partition|alice'))?.value).toBe(SECRET)
  expect(after.oldestKeyInUse()).toBe('old')
  await after.write([put('partition|alice', 'newer')])
  const alone = createSealedStore(inner, keyring(second), names)
  expect((await alone.get('refreshTokens', 'partition|alice'))?.value).toBe('newer')
  expect(alone.oldestKeyInUse()).toBe('new')
  // A machine without the new key reads nothing, and deletes nothing.
  expect(await before.get('refreshTokens', 'partition|alice')).toBeUndefined()
  expect((await alone.get('refreshTokens', 'partition|alice'))?.value).toBe('newer')
})

test.each([
  ['no key', undefined],
  ['an empty text', ''],
  ['a short key', 'c2hvcnQ='],
  ['a key of another length in hex', 'ab'.repeat(31)],
  ['two keys with one name', `k:${newSealKey()},k:${newSealKey()}`],
])('a keyring of %s is refused, without the key in the message', (_name, keys) => {
  expect(() => keyring(keys)).toThrow(expect.objectContaining({ code: 'invalid_options' }))
  try {
    keyring(keys)
  } catch (error) {
    if (keys) expect(String(error)).not.toContain(keys)
  }
})

test('keys may be in hex, base64 and base64url, separated by commas or spaces', () => {
  const bytes = Buffer.alloc(32, 250)
  const texts = ['hex', 'base64', 'base64url'].map((form) => bytes.toString(form as 'hex'))
  for (const text of texts) expect(keyring(text).ids).toEqual(keyring(texts[0]).ids)
  expect(keyring(`a:${texts[0]}, b:${newSealKey()}\nc:${newSealKey()}`).ids).toEqual([
    'a',
    'b',
    'c',
  ])
})

test('values survive encoding: JSON, bytes, and objects that look like encoded bytes', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(decodeValue(encodeValue(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
  const bytes = new Uint8Array([0, 255, 7])
  for (const value of [
    { iv: bytes, data: bytes.buffer },
    { '~': 'u8', data: 'AP8H' },
  ])
    expect(decodeValue(encodeValue(value))).toEqual(value)
})
