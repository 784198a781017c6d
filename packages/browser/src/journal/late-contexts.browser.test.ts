/** Pages and workers that end, freeze, or wake up late. */
import { isAuthError } from '@carnet/core'
import { expect, test, vi } from 'vitest'
import {
  answerOf,
  fieldsOf,
  PARTITION,
  recordOf,
  refreshWith,
  setUp,
  URL_OF_TOKENS,
} from '../testing/journals.ts'
import { flightLockOf } from './entry.ts'
import { updateEntry } from './entry-file.ts'
import { type Redemption, redeem } from './redeem.ts'

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

test('a page that slept before its request sends nothing after another page has replaced the token', async () => {
  const { database, store, sent, journalOf, carrySent } = await setUp(async () =>
    answerOf({ access_token: 'A', refresh_token: 'R2' }),
  )
  let wake = () => {}
  const asleep = new Promise<void>((resolve) => (wake = resolve))
  const carry = vi.fn(async (redemption: Redemption) => {
    await asleep
    return carrySent(redemption)
  })
  const late = journalOf(PARTITION, carry).http(URL_OF_TOKENS, refreshWith('R1'))
  await expect.poll(() => carry.mock.calls.length).toBe(1)
  const other = journalOf()
  await other.http(URL_OF_TOKENS, refreshWith('R1'))
  await other
    .wrap(store)
    .write([{ type: 'put', collection: 'refreshTokens', record: recordOf('r', { token: 'R2' }) }])
  wake()
  const error = await late.catch((thrown: unknown) => thrown)
  expect(isAuthError(error, 'other_tab_failed')).toBe(true)
  expect(sent).toHaveLength(1)
  let left: unknown
  const place = { database, key: await other.keyOf('R1'), keptForMs: 3_600_000 }
  await updateEntry(place, (found) => {
    left = found
    return undefined
  })
  expect(left).toEqual({ sentAtMs: expect.any(Number) })
})

test.each([
  ['before', (wait: () => Promise<void>, send: () => Promise<unknown>) => wait().then(send)],
  [
    'after',
    async (wait: () => Promise<void>, send: () => Promise<unknown>) => {
      const answer = await send()
      await wait()
      return answer
    },
  ],
])(
  'a page that slept %s its code request takes nothing after another page has stored the tokens',
  async (_when, order) => {
    const { store, sent, journalOf, carrySent } = await setUp(async () =>
      answerOf({ access_token: 'A', refresh_token: 'R1' }),
    )
    const codeRequest = {
      method: 'POST',
      redirect: 'manual' as const,
      body: new URLSearchParams({ grant_type: 'authorization_code', code: 'c' }),
    }
    let wake = () => {}
    const asleep = new Promise<void>((resolve) => (wake = resolve))
    const carry = vi.fn(
      (redemption: Redemption) =>
        order(
          () => asleep,
          () => carrySent(redemption),
        ) as ReturnType<typeof carrySent>,
    )
    const late = journalOf(PARTITION, carry).http(URL_OF_TOKENS, codeRequest)
    await expect.poll(() => carry.mock.calls.length).toBe(1)
    const other = journalOf()
    await other.http(URL_OF_TOKENS, codeRequest)
    const record = recordOf('r', { token: 'R1' })
    await other.wrap(store).write([{ type: 'put', collection: 'refreshTokens', record }])
    wake()
    const error = await late.catch((thrown: unknown) => thrown)
    expect(isAuthError(error, 'other_tab_failed')).toBe(true)
    expect(sent).toHaveLength(1)
  },
)

test('a token that is still current after its redemption is sent again', async () => {
  const { store, sent, journalOf } = await setUp(async () =>
    answerOf({ access_token: `A${sent.length}`, refresh_token: `R${sent.length + 1}` }),
  )
  const journal = journalOf()
  const write = (token: string) =>
    journal
      .wrap(store)
      .write([{ type: 'put', collection: 'refreshTokens', record: recordOf(token, { token }) }])
  for (const answer of ['A1', 'A2', 'A3']) {
    // The provider gives each API a refresh token of its own, and the general token stays.
    const got = fieldsOf(await journal.http(URL_OF_TOKENS, refreshWith('R1')))
    expect(got.access_token).toBe(answer)
    await write(`${got.refresh_token}`)
  }
})

test('a context that wakes up late does not replace the answer of the context after it', async () => {
  const { database, journalOf } = await setUp(async () => answerOf({}))
  const key = await journalOf().keyOf('R1')
  const place = { database, key, keptForMs: 3_600_000 }
  const request = { url: URL_OF_TOKENS, headers: [], body: 'grant_type=refresh_token' }
  const entry = { ...place, request: 'r', seenAtMs: undefined, isOverdue: false }
  for (const late of [
    answerOf({ access_token: 'late', refresh_token: 'R3' }),
    { ...answerOf({ error: 'invalid_grant' }), status: 400 },
  ]) {
    await redeem({ request, timeoutMs: 1000, entry }, async () => {
      await updateEntry(place, (found) => ({
        ...found,
        answer: { ...answerOf({ access_token: 'first', refresh_token: 'R2' }), atMs: Date.now() },
      }))
      return late
    })
    let kept: unknown
    await updateEntry(place, (found) => {
      kept = found?.answer?.body
      return null
    })
    expect(kept).toContain('first')
  }
})

test('a database that is upgraded during a write keeps the answer', async () => {
  const { database, store, journalOf } = await setUp(async () => answerOf({}))
  const key = await journalOf().keyOf('R1')
  const place = { database, key, keptForMs: 3_600_000 }
  await updateEntry(place, () => ({ sentAtMs: 1, deadlineMs: 2 }))
  store.close()
  let upgrading: Promise<unknown> | undefined
  const isWritten = await updateEntry(place, (found) => {
    upgrading ??= new Promise((resolve, reject) => {
      const opening = indexedDB.open(database, 100)
      opening.onerror = reject
      opening.onsuccess = () => resolve(opening.result.close())
    })
    // A large entry takes some time to seal: the upgrade closes the connection meanwhile.
    return { ...found, request: 'r'.repeat(3e7) }
  })
  await upgrading
  expect(isWritten).toBe(true)
})
