/** A real database with a journal, for tests in a browser. */
import type { RecordStore, StoredRecord } from '@carnet/core'
import type { KeptAnswer } from '@carnet/core/keeper'
import { onTestFinished, vi } from 'vitest'
import { createJournal } from '../journal/journal.ts'
import { type Redemption, redeem } from '../journal/redeem.ts'
import { openStore } from '../storage/open-store.ts'

export const URL_OF_TOKENS = 'https://login.example.com/token'
export const PARTITION = 'login.example.com|spa'
export const answerOf = (fields: Record<string, unknown>): KeptAnswer => ({
  status: 200,
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({ token_type: 'bearer', expires_in: 3600, ...fields }),
  handle: undefined,
})

/** A database, and clients that send their requests through `send`. */
export async function setUp(
  send: (form: URLSearchParams) => Promise<KeptAnswer>,
  own?: RecordStore,
) {
  const database = `journal-${crypto.randomUUID()}`
  const cache = { location: 'indexeddb', name: database, store: own } as const
  const store = await openStore(cache, () => undefined)
  onTestFinished(store.close)
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

export const recordOf = (key: string, value: unknown): StoredRecord => ({
  key,
  tags: [],
  expiresAtMs: Date.now() + 1e9,
  value,
})

export const refreshWith = (token: string, more: Record<string, string> = {}) => ({
  method: 'POST',
  redirect: 'manual' as const,
  body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: token, ...more }),
})

export const fieldsOf = ({ body }: { body: string }) => JSON.parse(body) as Record<string, unknown>
