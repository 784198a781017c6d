import { type AccessTokenRecord, createMemoryStore, toTokenQuery } from '@carnet/core'
import { appOwner, assertionOwner, queryKey } from '@carnet/core/services'
import { expect, test } from 'vitest'
import { createTokenMemory } from './token-memory.ts'

function setUp(maxBytes = 1e6) {
  let nowMs = Date.UTC(2030, 0, 1)
  let isDown = false
  const memory = createTokenMemory<string>({
    partition: 'p',
    store: createMemoryStore(),
    maxBytes,
    now: () => nowMs,
    isStoreDown: () => isDown,
    nameOf: (key) => `name of ${key}`,
  })
  const record = (
    query: ReturnType<typeof queryOf>,
    lifetimeMs = 3_600_000,
  ): AccessTokenRecord => ({
    owner: query.owner.id,
    resource: query.resource,
    requestedScopes: query.scopeKeys,
    grantedScopes: query.scopeKeys,
    token: `token of ${query.owner.id}`,
    tokenType: 'Bearer',
    issuedAtMs: nowMs,
    expiresAtMs: nowMs + lifetimeMs,
  })
  return {
    memory,
    record,
    now: () => nowMs,
    advance(ms: number): void {
      nowMs += ms
    },
    setDown(value: boolean): void {
      isDown = value
    },
  }
}

const queryOf = (owner: Parameters<typeof toTokenQuery>[0], scopes = ['read'], resource = '') =>
  toTokenQuery(owner, scopes, { resource })

test('10,000 short assertions leave nothing behind', () => {
  const { memory, record, advance, now } = setUp(1e9)
  for (let index = 0; index < 10_000; index += 1) {
    const query = queryOf(assertionOwner(`hash-${index}`))
    memory.remember(query, record(query, 60_000))
    memory.noteDetails(query.owner.id, 'details')
    advance(100)
  }
  // The tokens of the last minute are left: 600 of them.
  expect(memory.tokens()).toBeLessThanOrEqual(620)
  advance(120_000)
  const last = queryOf(appOwner('app', ''))
  memory.remember(last, record(last))
  expect(memory.tokens()).toBe(1)
  expect(memory.detailsOf(assertionOwner('hash-9999').id)).toBeUndefined()
  expect(memory.peek(last, now())).toBeDefined()
})

test('memory stays within its limit, and the least recently used tokens go first', () => {
  const { memory, record, now } = setUp(100_000)
  const [first, second] = [queryOf(assertionOwner('first')), queryOf(assertionOwner('second'))]
  for (const query of [first, second]) memory.remember(query, record(query))
  for (let index = 0; index < 1000; index += 1) {
    const query = queryOf(assertionOwner(`other-${index}`))
    memory.remember(query, record(query))
    expect(memory.peek(first, now())).toBeDefined()
    expect(memory.bytes()).toBeLessThanOrEqual(100_000)
  }
  expect(memory.peek(second, now())).toBeUndefined()
})

test('a change by another machine makes the tokens of its record suspect, and no others', async () => {
  const { memory, record, now, setDown } = setUp()
  const owner = appOwner('app', '')
  const [mail, calendar] = [queryOf(owner, ['read'], 'mail'), queryOf(owner, ['read'], 'calendar')]
  for (const query of [mail, calendar]) memory.remember(query, record(query))
  memory.hear({ put: [], deleted: [`name of ${queryKey('p', mail)}`] })
  expect(memory.peek(mail, now())).toBeUndefined()
  expect(memory.peek(calendar, now())).toBeDefined()
  // While the store is down, the token serves; when the store says that the record is gone, it does not.
  setDown(true)
  expect(await memory.find(mail, now())).toBeDefined()
  setDown(false)
  expect(await memory.find(mail, now())).toBeUndefined()
  setDown(true)
  expect(await memory.find(mail, now())).toBeUndefined()
  memory.hear('all')
  expect(memory.peek(calendar, now())).toBeUndefined()
  memory.forget(owner.id)
  expect(memory.bytes()).toBe(0)
})

test('a token that another machine replaced serves until the store has the new one', async () => {
  const { memory, record, now } = setUp()
  const query = queryOf(appOwner('app', ''))
  memory.remember(query, record(query))
  memory.hear({ put: [`name of ${queryKey('p', query)}`], deleted: [] })
  expect(memory.peek(query, now())).toBeUndefined()
  expect(await memory.find(query, now())).toBeDefined()
})

test('a token never answers the query of another owner', () => {
  const { memory, record, now } = setUp()
  const query = queryOf(assertionOwner('alice'))
  memory.remember(query, record(query))
  expect(memory.peek(queryOf(assertionOwner('bob')), now())).toBeUndefined()
  expect(memory.peek(queryOf(appOwner('alice', '')), now())).toBeUndefined()
})
