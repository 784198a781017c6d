import { createMemoryStore } from '@carnet/core'
import type { KeptAnswer } from '@carnet/core/keeper'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  answerOf,
  fieldsOf,
  PARTITION,
  recordOf,
  refreshWith,
  setUp,
  URL_OF_TOKENS,
} from '../testing/journals.ts'
import { JOURNAL } from './entry.ts'

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
  expect((await store.get(JOURNAL, key))?.value).toEqual({ sentAtMs: expect.any(Number) })
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

test('a token of the journal that the provider does not replace stays in the answer', async () => {
  const { sent, journalOf } = await setUp(async () =>
    answerOf(
      sent.length === 1 ? { access_token: 'A', refresh_token: 'R2' } : { access_token: 'B' },
    ),
  )
  await journalOf().http(URL_OF_TOKENS, refreshWith('R1', { scope: 'mail' }))
  const answer = await journalOf().http(URL_OF_TOKENS, refreshWith('R1', { scope: 'calendar' }))
  expect(fieldsOf(answer)).toMatchObject({ access_token: 'B', refresh_token: 'R2' })
})

test('the answer to an earlier request is refused, and the token is sent again', async () => {
  const tokens = ['R2', 'R3', 'R2', 'R4']
  const { store, sent, journalOf } = await setUp(async () =>
    answerOf({ access_token: 'A', refresh_token: tokens[sent.length - 1] }),
  )
  const journal = journalOf()
  const renewWith = async (token: string) => {
    const got = fieldsOf(await journal.http(URL_OF_TOKENS, refreshWith(token)))
    const record = recordOf('r', { token: got.refresh_token })
    await journal.wrap(store).write([{ type: 'put', collection: 'refreshTokens', record }])
    return got.refresh_token
  }
  expect(await renewWith('R1')).toBe('R2')
  expect(await renewWith('R2')).toBe('R3')
  await expect(renewWith('R3')).rejects.toThrow('The answer belongs to an earlier request.')
  expect(await renewWith('R3')).toBe('R4')
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
  expect((await store.get(JOURNAL, key))?.value).toEqual({ sentAtMs: expect.any(Number) })
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

test.each([
  ['client', 'login.example.com|other', 'R1'],
  ['issuer', 'login.other.example|spa', 'R1'],
  ['account', PARTITION, 'R9'],
])('an entry that was copied from another %s is not used', async (_what, partition, credential) => {
  const { database, sent, journalOf } = await setUp(async () =>
    answerOf({ access_token: `A${sent.length}`, refresh_token: `R${sent.length + 1}` }),
  )
  await journalOf(partition).http(URL_OF_TOKENS, refreshWith(credential))
  const theirs = await journalOf(partition).keyOf(credential)
  const ours = await journalOf().keyOf('R1')
  await inTable(database, (table) => {
    const reading = table.get(theirs)
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
