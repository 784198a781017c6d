import { AuthError, createMemoryStore } from '@carnet/core'
import { createAccountList } from '@carnet/core/base'
import { accountFromClaims } from '@carnet/core/fakes'
import { expect, test } from 'vitest'
import type { Snapshot } from '../api/snapshot.ts'
import { createSnapshots } from './snapshot.ts'

const alice = accountFromClaims({ iss: 'https://login.example.com', sub: 'alice' })
const record = { account: alice, idToken: 'id token', authority: 'https://login.example.com' }

function setUp() {
  const accounts = createAccountList('spa', createMemoryStore())
  const published: Snapshot[] = []
  const snapshots = createSnapshots(accounts, (snapshot) => published.push(snapshot))
  return { accounts, snapshots, published }
}

test('no user is signed in at first', () => {
  const { accounts, snapshots } = setUp()
  expect(snapshots.read()).toEqual({
    status: 'signedOut',
    account: null,
    accounts: [],
    interaction: null,
    error: null,
    challenge: null,
  })
  expect(snapshots.read().accounts).toBe(accounts.list())
})

test('an active account is signed in, another account is not', () => {
  const { accounts, snapshots } = setUp()
  accounts.set(alice.id, record)
  expect(snapshots.read()).toMatchObject({ status: 'signedOut', account: null, accounts: [alice] })
  accounts.setActive(alice.id)
  expect(snapshots.read()).toMatchObject({ status: 'signedIn', account: alice })
})

test('the snapshot is frozen, and the same object until something changes', () => {
  const { accounts, snapshots } = setUp()
  const changes = [
    () => accounts.set(alice.id, record),
    () => accounts.setActive(alice.id),
    () => snapshots.note({ interaction: 'popup' }),
    () => snapshots.note({ interaction: null }),
    () => snapshots.note({ error: new AuthError('user_cancelled', 'The user closed the popup.') }),
    () => accounts.setActive(undefined),
  ]
  for (const change of changes) {
    const before = snapshots.read()
    expect(Object.isFrozen(before)).toBe(true)
    expect(snapshots.read()).toBe(before)
    change()
    expect(snapshots.read()).not.toBe(before)
  }
})
