import { createMemoryStore, type RecordStore, type StoredRecord } from '@carnet/core'
import type { KeptAnswer } from '@carnet/core/keeper'
import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { openStore } from '../storage/open-store.ts'
import { flightLockOf, JOURNAL } from './entry.ts'
import { updateEntry } from './entry-file.ts'
import { createJournal } from './journal.ts'
import { type Redemption, redeem } from './redeem.ts'

const URL_OF_TOKENS = 'https://login.example.com/token'
const PARTITION = 'login.example.com|spa'
const closing: (() => void)[] = []

afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const answerOf = (fields: Record<string, unknown>): KeptAnswer => ({
  status: 200,
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({ token_type: 'bearer', expires_in: 3600, ...fields }),
  handle: undefined,
})

/** A database, and clients that send their requests through `send`. */
async function setUp(send: (form: URLSearchParams) => Promise<KeptAnswer>, own?: RecordStore) {
  const database = `journal-${crypto.randomUUID()}`
  const cache = { location: 'indexeddb', name: database, store: own } as const
  const store = await openStore(cache, () => undefined)
  closing.push(store.close)
  await store.write([{ type: 'put', collection: 'accounts', record: recordOf('first', {}) }])
  const sent: URLSearchParams[] = []
  const carrySent = vi.fn((redemption: Redemption) =>
    redeem(redemption, async ({ body }) => {
      const form = new URLSearchParams(body)
      sent.push(form)
      return send(form)
    }),
  )
  const journalOf = (partition = PARTITION, carry: typeof carrySent = carrySent) =>
    createJournal({
      ...{ partition, database, store, carry, timeoutMs: 3000, keptForMs: 3_600_000 },
      http: () => Promise.reject(new Error('No other request is expected.')),
    })
  return { database, store, sent, journalOf, carrySent }
}

const recordOf = (key: string, value: unknown): StoredRecord => ({
  key,
  tags: [],
  expiresAtMs: Date.now() + 1e9,
  value,
})

const refreshWith = (token: string, more: Record<string, string> = {}) => ({
  method: 'POST',
  redirect: 'manual' as const,
  body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, ...more }),
})

const fieldsOf = ({ body }: { body: string }) => JSON.parse(body) as Record<string, unknown>

test('the answer to a lost page serves the next page, and the write of its tokens ends the entry', async () => {
  const { store, sent, journalOf } = await setUp(async () =>
    answerOf({ access_token: 'A', refresh_token: 'R2' }),
  )
  await journalOf().http(URL_OF_TOKENS, refreshWith('R1'))
  // The page has gone before it stored the tokens.
  const next = journalOf()
  const answer = await next.http(URL_OF_TOKENS, refreshWith('R1'))
  expect(fieldsOf(answer)).toMatchObject({ access_token: 'A', refresh_token: 'R2' })
  expect(sent).toHaveLength(1)
  const key = await next.keyOf('R1')
  expect(await store.get(JOURNAL, key)).toBeDefined()
  await next
    .wrap(store)
    .write([{ type: 'put', collection: 'refreshTokens', record: recordOf('r', { token: 'R2' }) }])
  expect(await store.get(JOURNAL, key)).toBeUndefined()
})

test('a failed answer serves once in a page; then only its refresh token is used', async () => {
  const { sent, journalOf } = await setUp(async () =>
    answerOf({ access_token: 'A', refresh_token: `R${sent.length + 1}` }),
  )
  await journalOf().http(URL_OF_TOKENS, refreshWith('R1'))
  const next = journalOf()
  await next.http(URL_OF_TOKENS, refreshWith('R1'))
  await next.http(URL_OF_TOKENS, refreshWith('R1'))
  expect(sent.map((form) => form.get('refresh_token'))).toEqual(['R1', 'R2'])
})

test('another request takes only the refresh token of an answer', async () => {
  const { sent, journalOf } = await setUp(async (form) =>
    answerOf({ access_token: `for ${form.get('scope')}`, refresh_token: `R${sent.length + 1}` }),
  )
  await journalOf().http(URL_OF_TOKENS, refreshWith('R1', { scope: 'mail' }))
  const answer = await journalOf().http(URL_OF_TOKENS, refreshWith('R1', { scope: 'calendar' }))
  expect(fieldsOf(answer)).toMatchObject({ access_token: 'for calendar', refresh_token: 'R3' })
  expect(sent.map((form) => form.get('refresh_token'))).toEqual(['R1', 'R2'])
})

test('a page waits for the answer that another context still expects', async () => {
  let answer = (_: KeptAnswer) => {}
  const { sent, journalOf } = await setUp(
    () => new Promise<KeptAnswer>((resolve) => (answer = resolve)),
  )
  void journalOf().http(URL_OF_TOKENS, refreshWith('R1'))
  await expect.poll(() => sent.length).toBe(1)
  const waiting = journalOf().http(URL_OF_TOKENS, refreshWith('R1'))
  const isWaiting = async () => {
    const { pending = [] } = await navigator.locks.query()
    return pending.some(({ name }) => name?.startsWith('carnet.flight'))
  }
  await expect.poll(isWaiting).toBe(true)
  answer(answerOf({ access_token: 'A', refresh_token: 'R2' }))
  expect(fieldsOf(await waiting).access_token).toBe('A')
  expect(sent).toHaveLength(1)
})

test('with a store of the app, the journal is in IndexedDB, and ends with the write of the tokens', async () => {
  const own = createMemoryStore()
  const { store, sent, journalOf } = await setUp(
    async () => answerOf({ access_token: 'A', refresh_token: 'R2' }),
    own,
  )
  await journalOf().http(URL_OF_TOKENS, refreshWith('R1'))
  const next = journalOf()
  const key = await next.keyOf('R1')
  expect(await own.get(JOURNAL, key)).toBeUndefined()
  const answer = await next.http(URL_OF_TOKENS, refreshWith('R1'))
  expect(fieldsOf(answer)).toMatchObject({ refresh_token: 'R2' })
  expect(sent).toHaveLength(1)
  await next
    .wrap(store)
    .write([{ type: 'put', collection: 'refreshTokens', record: recordOf('r', { token: 'R2' }) }])
  expect(await own.get('refreshTokens', 'r')).toBeDefined()
  expect(await store.get(JOURNAL, key)).toBeUndefined()
})

test('after the end of its context, a redemption is sent again, once', async () => {
  const { database, sent, journalOf } = await setUp(async () => answerOf({ access_token: 'A' }))
  const journal = journalOf()
  const key = await journal.keyOf('R1')
  const nowMs = Date.now()
  await updateEntry({ database, key, keptForMs: 3_600_000 }, () => ({
    sentAtMs: nowMs,
    deadlineMs: nowMs + 1e6,
  }))
  // No context holds the lock of the entry.
  expect(fieldsOf(await journal.http(URL_OF_TOKENS, refreshWith('R1'))).access_token).toBe('A')
  expect(sent).toHaveLength(1)
})

test('a context that is frozen with the lock after its deadline is replaced', async () => {
  const { database, sent, journalOf } = await setUp(async () => answerOf({ access_token: 'A' }))
  const journal = journalOf()
  const key = await journal.keyOf('R1')
  await updateEntry({ database, key, keptForMs: 3_600_000 }, () => ({ sentAtMs: 1, deadlineMs: 2 }))
  void navigator.locks
    .request(flightLockOf(key), () => new Promise(() => undefined))
    .catch(() => undefined)
  expect(fieldsOf(await journal.http(URL_OF_TOKENS, refreshWith('R1'))).access_token).toBe('A')
  expect(sent).toHaveLength(1)
})

test('a context sends nothing if another context has sent the request since', async () => {
  const { database, sent, journalOf } = await setUp(async () => answerOf({ access_token: 'A' }))
  const key = await journalOf().keyOf('R1')
  const request = { url: URL_OF_TOKENS, headers: [], body: 'grant_type=refresh_token' }
  const place = { database, key, keptForMs: 3_600_000 }
  const entry = { ...place, request: 'r', seenAtMs: undefined, isOverdue: false }
  await updateEntry(place, () => ({ sentAtMs: 5, deadlineMs: 6 }))
  const send = vi.fn()
  expect(await redeem({ request, timeoutMs: 1000, entry }, send)).toBeUndefined()
  expect(send).not.toHaveBeenCalled()
  expect(sent).toEqual([])
})

test('an answer is not written after a sign-out has deleted its entry', async () => {
  const { store, journalOf } = await setUp(async () => {
    await store.write([{ type: 'delete', collection: JOURNAL, key: await journalOf().keyOf('R1') }])
    return answerOf({ access_token: 'A', refresh_token: 'R2' })
  })
  await journalOf().http(URL_OF_TOKENS, refreshWith('R1'))
  expect(await store.get(JOURNAL, await journalOf().keyOf('R1'))).toBeUndefined()
})

test.each([
  ['an error', { ...answerOf({}), status: 503, body: '' }],
  ['a page', { ...answerOf({}), body: '<p>"access_token"</p>' }],
  ['no token', answerOf({ error: 'busy' })],
])('%s is no answer for the next page', async (_what, answer) => {
  const { store, journalOf } = await setUp(async () => answer)
  await journalOf().http(URL_OF_TOKENS, refreshWith('R1'))
  expect(await store.get(JOURNAL, await journalOf().keyOf('R1'))).toBeUndefined()
})

test('an entry that was copied from another client, or changed, is not used', async () => {
  const { database, sent, journalOf } = await setUp(async () =>
    answerOf({ access_token: `A${sent.length}`, refresh_token: `R${sent.length + 1}` }),
  )
  await journalOf('login.example.com|other').http(URL_OF_TOKENS, refreshWith('R1'))
  const [theirs, ours] = await Promise.all(
    ['login.example.com|other', PARTITION].map((name) => journalOf(name).keyOf('R1')),
  )
  await inTable(database, (table) => {
    const reading = table.get(theirs ?? '')
    reading.onsuccess = () => table.put({ ...reading.result, key: ours })
  })
  const answer = await journalOf().http(URL_OF_TOKENS, refreshWith('R1'))
  expect(fieldsOf(answer).access_token).toBe('A2')
  expect(sent).toHaveLength(2)
})

test('the key of an entry tells issuers, clients and credentials apart', async () => {
  const { journalOf } = await setUp(async () => answerOf({}))
  const word = fc.string({ maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(word, word, word, word, async (one, first, other, second) => {
      fc.pre(one !== other || first !== second)
      const keys = [await journalOf(one).keyOf(first), await journalOf(other).keyOf(second)]
      expect(keys[0] === keys[1]).toBe(false)
    }),
    { numRuns: 60 },
  )
})

function inTable(name: string, work: (table: IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name)
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(JOURNAL, 'readwrite')
      work(transaction.objectStore(JOURNAL))
      transaction.oncomplete = () => {
        opening.result.close()
        resolve()
      }
    }
  })
}
