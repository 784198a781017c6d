import { createMemoryStore, isAuthError, type RecordStore } from '@carnet/core'
import { expect, test } from 'vitest'
import { clientMark } from '../../startup/client-mark.ts'
import { createState } from './state.ts'
import { createTransactions, type Transaction } from './transactions.ts'

const NOW_MS = Date.UTC(2030, 0, 1)
const MINUTE_MS = 60_000
const STATE = createState(clientMark('carnet|spa'), 'redirect', '1')
const transaction: Transaction = {
  kind: 'redirect',
  state: STATE,
  codeVerifier: 's3cret-verifier',
  nonce: 's3cret-nonce',
  redirectUri: 'https://app.example/',
  scopes: ['openid'],
  tokenScopes: ['openid'],
  authority: 'https://idp.example',
  returnTo: 'https://app.example/inbox',
  correlationId: 'c-1',
  startedAtMs: NOW_MS,
}

async function setUp(store: RecordStore = createMemoryStore()) {
  const transactions = createTransactions('spa', store)
  await transactions.save(transaction)
  return { store, transactions }
}

const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail('It did not reject.'),
    (error: unknown) => (isAuthError(error) ? error : expect.fail(`Not an AuthError: ${error}`)),
  )

test('a saved transaction can be taken once', async () => {
  const { transactions } = await setUp()
  expect(await transactions.take(STATE, NOW_MS)).toEqual(transaction)
  const error = await failureOf(transactions.take(STATE, NOW_MS))
  expect(error.code).toBe('transaction_not_found')
})

test('of two concurrent calls of take, only one gets it', async () => {
  const { transactions } = await setUp()
  const take = () => transactions.take(STATE, NOW_MS)
  const outcomes = await Promise.allSettled([take(), take()])
  expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('an unknown state is not found, and is not part of the message', async () => {
  const { transactions } = await setUp()
  const error = await failureOf(transactions.take('<script>', NOW_MS))
  expect(error.code).toBe('transaction_not_found')
  expect(error.message).not.toContain('<script>')
})

test('a popup has no time limit', async () => {
  const { transactions } = await setUp()
  const state = createState(clientMark('carnet|spa'), 'popup', '1')
  const inWindow: Transaction = { ...transaction, state, kind: 'popup' }
  await transactions.save(inWindow)
  expect(await transactions.take(state, NOW_MS + 60 * MINUTE_MS)).toEqual(inWindow)
})

test('a page that waited needs no record, and leaves none', async () => {
  const { store, transactions } = await setUp()
  expect(await transactions.take(STATE, NOW_MS, transaction)).toEqual(transaction)
  expect((await failureOf(transactions.take(STATE, NOW_MS))).code).toBe('transaction_not_found')
  await store.prune(NOW_MS + 48 * 60 * MINUTE_MS)
  expect(await transactions.take(STATE, NOW_MS, transaction)).toEqual(transaction)
  const foreign = await failureOf(transactions.take('other', NOW_MS, transaction))
  expect(foreign.code).toBe('transaction_not_found')
})

test.each([25, 55, 60])('a sign-in of %i minutes completes', async (minutes) => {
  const { transactions } = await setUp()
  expect(await transactions.take(STATE, NOW_MS + minutes * MINUTE_MS)).toEqual(transaction)
})

test('a sign-in of an hour and one millisecond is refused, and the error names the limit', async () => {
  const { transactions } = await setUp()
  const error = await failureOf(transactions.take(STATE, NOW_MS + 60 * MINUTE_MS + 1))
  expect([error.code, error.correlationId]).toEqual(['transaction_expired', 'c-1'])
  expect(error.message).toContain('3600 seconds')
})

test.each([5 * MINUTE_MS, 48 * 60 * MINUTE_MS])(
  'a lifetime of %i ms is the limit, even if another tab prunes the records',
  async (lifetimeMs) => {
    const store = createMemoryStore()
    const transactions = createTransactions('spa', store, lifetimeMs)
    await transactions.save(transaction)
    await store.prune(NOW_MS + lifetimeMs)
    expect(await transactions.take(STATE, NOW_MS + lifetimeMs)).toEqual(transaction)
    await transactions.save(transaction)
    await store.prune(NOW_MS + lifetimeMs + 60 * MINUTE_MS)
    const error = await failureOf(transactions.take(STATE, NOW_MS + lifetimeMs + 1))
    expect(error.code).toBe('transaction_expired')
    expect(error.message).toContain(`${lifetimeMs / 1000} seconds`)
  },
)

test('an expired transaction is deleted after it was refused', async () => {
  const { transactions } = await setUp()
  await failureOf(transactions.take(STATE, NOW_MS + 61 * MINUTE_MS))
  const error = await failureOf(transactions.take(STATE, NOW_MS))
  expect(error.code).toBe('transaction_not_found')
})

test('another client on the same store does not get it', async () => {
  const { store, transactions } = await setUp()
  await failureOf(createTransactions('other', store).take(STATE, NOW_MS))
  expect(await transactions.take(STATE, NOW_MS)).toEqual(transaction)
})

test('a deleted transaction is not found', async () => {
  const { transactions } = await setUp()
  await transactions.forget(STATE)
  await failureOf(transactions.take(STATE, NOW_MS))
})

test.each([
  null,
  'text',
  { ...transaction, codeVerifier: 7 },
  { ...transaction, scopes: 'openid' },
  { ...transaction, startedAtMs: 'now' },
  { ...transaction, state: `${STATE}2` },
  { ...transaction, kind: 'popup' },
])('a record that holds %j is not found', async (value) => {
  const { store, transactions } = await setUp()
  const record = { key: `spa|${STATE}`, tags: [], expiresAtMs: NOW_MS, value }
  await store.write([{ type: 'put', collection: 'transactions', record }])
  const error = await failureOf(transactions.take(STATE, NOW_MS))
  expect(error.code).toBe('transaction_not_found')
  expect(`${error} ${JSON.stringify(error)}`).not.toContain('s3cret')
})
