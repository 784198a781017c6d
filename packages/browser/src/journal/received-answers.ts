import { type RecordStore, redeemedRecordKey, type StoreChange } from '@carnet/core'
import type { HttpAnswer } from '@carnet/core/keeper'
import { JOURNAL, type JournalAnswer } from './entry.ts'

/** A code is redeemed within an hour, and a browser ends a page that is frozen for long: after a day, no page has the credential. */
const REMEMBERED_FOR_MS = 24 * 3_600_000

/** The answers that this page has received, until their tokens are stored. */
export interface ReceivedAnswers {
  /**
   * Notes the entries of an answer, and returns the answer in the form of `Http`.
   *
   * @param keys The record keys of the entries that end with the answer.
   * @param credential The authorization code or refresh token of the request.
   */
  note(
    answer: Omit<JournalAnswer, 'atMs'>,
    keys: readonly string[],
    isCode: boolean,
    credential: string,
  ): HttpAnswer
  /** Returns the store with one addition: a write of the tokens of an answer ends the entries of the answer. */
  wrap<Store extends RecordStore>(store: Store): Store
}

export function createReceivedAnswers(): ReceivedAnswers {
  /** The ends of the entries, by the tokens in their answers. */
  const received = new Map<string, () => StoreChange[]>()

  return {
    note({ status, headers, body }, keys, isCode, credential) {
      const next = refreshTokenIn(body)
      // A token that the provider did not replace is redeemed again.
      const isReplaced = !isCode && next !== undefined && next !== credential
      const ends = () =>
        keys.flatMap((key): StoreChange[] => [
          isReplaced
            ? {
                type: 'put',
                collection: JOURNAL,
                record: remembered(key, { sentAtMs: Date.now() }),
              }
            : { type: 'delete', collection: JOURNAL, key },
          ...(isCode ? [redeemed(key)] : []),
        ])
      for (const token of [fieldOf(body, 'access_token'), next])
        if (token !== undefined) received.set(token, ends)
      return { status, headers: new Headers(headers), body }
    },
    wrap: (store) => ({
      ...store,
      async write(changes, onlyIf) {
        const ends = new Set(tokensOf(changes).flatMap((token) => received.get(token) ?? []))
        const endings = [...ends].flatMap((end) => end())
        const applied = await store.write([...changes, ...endings], onlyIf)
        if (applied) for (const [token, end] of received) if (ends.has(end)) received.delete(token)
        return applied
      },
    }),
  }
}

/** Says that the tokens of a code were stored. */
const redeemed = (key: string): StoreChange => ({
  type: 'put',
  collection: 'metadata',
  record: remembered(redeemedRecordKey(key), { version: 1 }),
})

/** A record that outlives every page that still has the credential. */
const remembered = (key: string, value: unknown) => ({
  key,
  tags: [],
  expiresAtMs: Date.now() + REMEMBERED_FOR_MS,
  value,
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

/** The refresh token in the body of an answer. */
export const refreshTokenIn = (body: string): string | undefined => fieldOf(body, 'refresh_token')
