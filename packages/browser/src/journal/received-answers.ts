import { type RecordStore, redeemedRecordKey, type StoreChange } from '@carnet/core'
import type { HttpAnswer } from '@carnet/core/keeper'
import { JOURNAL, type JournalAnswer } from './entry.ts'

/** A code is redeemed within an hour: after a day, no entry with it can come back. */
const REMEMBERED_FOR_MS = 24 * 3_600_000

/** The answers that this page has received, until their tokens are stored. */
export interface ReceivedAnswers {
  /**
   * Notes the entries of an answer, and returns the answer in the form of `Http`.
   *
   * @param keys The record keys of the entries that end with the answer.
   */
  note(answer: Omit<JournalAnswer, 'atMs'>, keys: readonly string[], isCode: boolean): HttpAnswer
  /** Returns the store with one addition: a write of the tokens of an answer deletes the entries of the answer. */
  wrap<Store extends RecordStore>(store: Store): Store
}

export function createReceivedAnswers(): ReceivedAnswers {
  /** The keys of entries, by the tokens in their answers. */
  const received = new Map<string, readonly string[]>()
  const codes = new Set<string>()

  function endings(changes: readonly StoreChange[]): StoreChange[] {
    const keys = tokensOf(changes).flatMap((token) => received.get(token) ?? [])
    return [...new Set(keys)].flatMap((key): StoreChange[] => [
      { type: 'delete', collection: JOURNAL, key },
      ...(codes.has(key)
        ? [{ type: 'put', collection: 'metadata', record: redeemedRecord(key) } as const]
        : []),
    ])
  }

  return {
    note({ status, headers, body }, keys, isCode) {
      if (isCode) for (const key of keys) codes.add(key)
      for (const token of tokensIn(body)) received.set(token, keys)
      const pairs = headers.map(([name, value]): [string, string] => [name, value])
      return { status, headers: new Headers(pairs), body }
    },
    wrap: (store) => ({
      ...store,
      async write(changes, onlyIf) {
        const applied = await store.write([...changes, ...endings(changes)], onlyIf)
        if (applied) for (const token of tokensOf(changes)) received.delete(token)
        return applied
      },
    }),
  }
}

/** The record that says that the tokens of a code were stored. */
const redeemedRecord = (key: string) => ({
  key: redeemedRecordKey(key),
  tags: [],
  expiresAtMs: Date.now() + REMEMBERED_FOR_MS,
  value: { version: 1 },
})

/** The tokens that the changes store. */
const tokensOf = (changes: readonly StoreChange[]): string[] =>
  changes.flatMap((change) => {
    if (change.type !== 'put' || change.collection === JOURNAL) return []
    const { token } = Object(change.record.value) as { token?: unknown }
    return typeof token === 'string' ? [token] : []
  })

const fieldOf = (body: string, name: string): string | undefined => {
  try {
    const value: unknown = Object(JSON.parse(body))[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  } catch {
    return undefined
  }
}

const tokensIn = (body: string): string[] =>
  ['access_token', 'refresh_token'].flatMap((name) => fieldOf(body, name) ?? [])

/** The refresh token in the body of an answer. */
export const refreshTokenIn = (body: string): string | undefined => fieldOf(body, 'refresh_token')
