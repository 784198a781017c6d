import { AuthError, accountFromClaims, createAccountList, createMemoryStore } from '@carnet/core'
import { expect, test } from 'vitest'
import { createSnapshots } from './snapshot.ts'

const alice = accountFromClaims({ iss: 'https://login.example.com', sub: 'alice' })
const record = { account: alice, idToken: 'id token', authority: 'https://login.example.com' }

function setUp() {
  const accounts = createAccountList('spa', createMemoryStore())
  return { accounts, snapshots: createSnapshots(accounts) }
}

test('nobody is signed in at first', () => {
  const { accounts, snapshots } = setUp()
  expect(snapshots.read()).toEqual({
    status: 'signedOut',
    account: null,
    accounts: [],
    interaction: null,
    error: null,
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
    () => snapshots.note('interactionStarted', 'popup'),
    () => snapshots.note('interactionEnded', 'popup'),
    () => snapshots.fail(new AuthError('user_cancelled', 'The user closed the popup.')),
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

test('the interaction that started last is shown until every interaction has ended', () => {
  const { snapshots } = setUp()
  snapshots.note('interactionEnded', 'popup')
  snapshots.note('interactionStarted', 'popup')
  snapshots.note('interactionStarted', 'redirect')
  expect(snapshots.read().interaction).toBe('redirect')
  snapshots.note('interactionEnded', 'redirect')
  expect(snapshots.read().interaction).toBe('popup')
  snapshots.note('interactionEnded', 'popup')
  expect(snapshots.read().interaction).toBeNull()
})

test('the error of an interaction is gone when the next interaction starts', () => {
  const { snapshots } = setUp()
  const error = new AuthError('user_cancelled', 'The user closed the popup.')
  snapshots.fail(error)
  expect(snapshots.read().error).toBe(error)
  snapshots.note('interactionStarted', 'redirect')
  expect(snapshots.read().error).toBeNull()
})
