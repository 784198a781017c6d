import { describe, expect, test } from 'vitest'
import { createMemoryStore } from '../records/memory-store.ts'
import type { RecordStore } from '../records/record-store.ts'
import { accountKey } from './account.ts'
import { accountFromClaims } from './account-claims.ts'
import { createAccountRegistry } from './account-registry.ts'

const recordOf = (sub: string) => ({
  account: accountFromClaims({ iss: 'https://idp.example', sub }),
  idToken: `id-token-of-${sub}`,
  authority: 'https://idp.example',
})
const alice = recordOf('alice')
const bob = recordOf('bob')

async function setUp() {
  const store = createMemoryStore()
  const registry = createAccountRegistry('spa', store)
  await store.write([
    ...registry.put(alice),
    ...registry.put(bob),
    ...registry.activate(alice.account),
  ])
  const reopened = createAccountRegistry('spa', store)
  await reopened.load()
  return { store, registry, reopened }
}

test('a reload restores the accounts and the active account', async () => {
  const { reopened } = await setUp()
  expect(reopened.list().map(({ username }) => username)).toEqual(['alice', 'bob'])
  expect(reopened.active()?.username).toBe('alice')
  expect(reopened.record(bob.account)?.idToken).toBe('id-token-of-bob')
})

test('a copy of an account finds the account', async () => {
  const { registry } = await setUp()
  expect(registry.record({ ...alice.account })).toBe(alice)
})

test('two clients that share a store do not see each other', async () => {
  const { store } = await setUp()
  const other = createAccountRegistry('other', store)
  await other.load()
  expect(other.list()).toEqual([])
  expect(other.active()).toBeUndefined()
})

test('removing the active account leaves no active account, in memory and in the store', async () => {
  const { store, registry } = await setUp()
  await store.write(registry.remove(accountKey(alice.account)))
  expect(registry.active()).toBeUndefined()
  const reopened = createAccountRegistry('spa', store)
  await reopened.load()
  expect(reopened.list().map(({ username }) => username)).toEqual(['bob'])
  expect(reopened.active()).toBeUndefined()
})

test('removing another account keeps the active account', async () => {
  const { store, registry } = await setUp()
  await store.write(registry.remove(accountKey(bob.account)))
  expect(registry.active()?.username).toBe('alice')
})

test('the list is a new array at each change, and cannot be changed from outside', async () => {
  const { registry } = await setUp()
  const before = registry.list()
  expect(Object.isFrozen(before)).toBe(true)
  expect(registry.list()).toBe(before)
  registry.remove(accountKey(bob.account))
  expect(registry.list()).not.toBe(before)
  expect(before).toHaveLength(2)
})

describe('stored records', () => {
  test.each([null, 'text', 7, [], { account: null }, { account: { homeAccountId: 7 } }])(
    'an invalid record (%j) is ignored, and the other records are read',
    async (value) => {
      const { store, reopened } = await setUp()
      const record = {
        key: 'spa|x|y|z',
        tags: ['spa'],
        expiresAtMs: Number.MAX_SAFE_INTEGER,
        value,
      }
      await store.write([{ type: 'put', collection: 'accounts', record }])
      await reopened.load()
      expect(reopened.list()).toHaveLength(2)
    },
  )

  test('a removed account is not active', async () => {
    const { store, registry, reopened } = await setUp()
    const [removal] = registry.remove(accountKey(alice.account))
    if (removal) await store.write([removal])
    await reopened.load()
    expect(reopened.active()).toBeUndefined()
  })

  test('a malformed id does not stop the other accounts from loading', async () => {
    const { store, reopened } = await setUp()
    const account = { ...alice.account, homeAccountId: '\ud800' }
    const record = {
      key: 'spa|x|y|z',
      tags: ['spa'],
      expiresAtMs: Number.MAX_SAFE_INTEGER,
      value: { ...alice, account },
    }
    await store.write([{ type: 'put', collection: 'accounts', record }])
    await expect(reopened.load()).resolves.toBeUndefined()
    expect(reopened.byKey(accountKey(bob.account))?.username).toBe('bob')
  })
})

describe('a change while the store is being read', () => {
  /** A store whose next `find` resolves on demand, with the records that it read at its start. */
  function slow(inner: RecordStore) {
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    const store: RecordStore = {
      ...inner,
      async find(collection, tag) {
        const found = await inner.find(collection, tag)
        await gate
        return found
      },
    }
    return { store, go: () => go() }
  }

  test('keeps an account that signs in during the read', async () => {
    const { store: inner } = await setUp()
    const { store, go } = slow(inner)
    const registry = createAccountRegistry('spa', store)
    const loading = registry.load()
    await store.write(registry.put(recordOf('carol')))
    go()
    await loading
    expect(registry.list().map(({ username }) => username)).toContain('carol')
  })

  test('does not restore an account that signs out during the read', async () => {
    const { store: inner } = await setUp()
    const { store, go } = slow(inner)
    const registry = createAccountRegistry('spa', store)
    registry.put(alice)
    const loading = registry.load()
    await store.write(registry.remove(accountKey(alice.account)))
    go()
    await loading
    expect(registry.list().map(({ username }) => username)).not.toContain('alice')
  })
})
