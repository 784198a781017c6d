import { expect, test } from 'vitest'
import { createMemoryStore } from '../records/memory-store.ts'
import type { AccountRecord } from './account.ts'
import { accountFromClaims } from './account-claims.ts'
import { createAccountList } from './account-list.ts'
import { createAccountRegistry } from './account-registry.ts'

const recordOf = (sub: string, more: object = {}): AccountRecord => ({
  account: accountFromClaims({ iss: 'https://idp.example', sub, ...more }),
  idToken: `id token ${JSON.stringify(more)}`,
  authority: 'https://idp.example',
})

/** A list that has read Alice and Bob from its store. */
async function setUp() {
  const store = createMemoryStore()
  const registry = createAccountRegistry('p', store)
  for (const name of ['bob', 'alice']) await store.write(registry.put(recordOf(name)))
  const accounts = createAccountList('p', store)
  await accounts.load()
  const before = accounts.list()
  createAccountRegistry('p', store, accounts)
  expect(accounts.list()).toBe(before)
  return { accounts, registry, store }
}

test('the list is frozen, and the same array until an account changes', async () => {
  const { accounts, registry, store } = await setUp()
  const before = accounts.list()
  expect(Object.isFrozen(before)).toBe(true)
  await accounts.load()
  expect(accounts.list()).toBe(before)
  accounts.set(before[0]?.id ?? '', recordOf(before[0]?.homeAccountId ?? ''))
  expect(accounts.list()).toBe(before)

  await store.write(registry.put(recordOf('alice', { name: 'Alice Adams' })))
  await accounts.load()
  expect(accounts.list()).not.toBe(before)
  expect(accounts.list().map(({ name }) => name)).toContain('Alice Adams')
})

test('an account keeps its object while another account changes', async () => {
  const { accounts } = await setUp()
  const bob = accounts.list().find(({ homeAccountId }) => homeAccountId === 'bob')
  const renewed = recordOf('alice', { name: 'Alice Adams' })
  accounts.set(renewed.account.id, renewed)
  expect(accounts.list()).toContain(bob)
  expect(accounts.list()).toContain(renewed.account)
})

test('an ID token with the same claims still replaces the record', async () => {
  const { accounts } = await setUp()
  const before = accounts.list()
  const record = { ...recordOf('alice'), idToken: 'a newer ID token' }
  accounts.set(record.account.id, record)
  expect(accounts.record(record.account)?.idToken).toBe('a newer ID token')
  expect(accounts.list()).not.toBe(before)
})

test('removed accounts are not in the list', async () => {
  const { accounts } = await setUp()
  for (const { id } of accounts.list()) accounts.set(id, undefined)
  expect(accounts.list()).toEqual([])
})
