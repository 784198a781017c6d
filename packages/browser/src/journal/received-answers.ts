import {
  type Collection,
  type RecordStore,
  redeemedRecordKey,
  type StoreChange,
} from '@carnet/core'
import type { HttpAnswer } from '@carnet/core/keeper'
import { JOURNAL, type JournalAnswer } from './entry.ts'

/** A code is redeemed within an hour, and a browser ends a page that is frozen for long: after a day, no page has the credential. */
const REMEMBERED_FOR_MS = 24 * 3_600_000

/** A credential that led to an answer, and the record key of its entry. */
export interface Used {
  readonly key: string
  readonly credential: string
}

/** The answers that this page has received, until their tokens are stored. */
export interface ReceivedAnswers {
  /**
   * Notes the entries of an answer, and returns the answer in the form of `Http`.
   *
   * @param used The credentials whose entries end with the answer; each is from the answer to the one before it.
   */
  note(answer: Omit<JournalAnswer, 'atMs'>, used: readonly Used[], isCode: boolean): HttpAnswer
  /** Returns the store with one addition: a write of the tokens of an answer ends the entries of the answer. */
  wrap<Store extends RecordStore>(store: Store): Store
}

export function createReceivedAnswers(): ReceivedAnswers {
  /** The ends of the entries, by the tokens in their answers. */
  const received = new Map<string, () => StoreChange[]>()

  return {
    note({ status, headers, body }, used, isCode) {
      const next = refreshTokenIn(body) ?? (isCode ? undefined : used.at(-1)?.credential)
      const ends = () =>
        used.flatMap(({ key, credential }): StoreChange[] => [
          // A token that the provider did not replace is redeemed again.
          credential === next
            ? { type: 'delete', collection: JOURNAL, key }
            : putIn(JOURNAL, key, { sentAtMs: Date.now() }),
          ...(isCode ? [putIn('metadata', redeemedRecordKey(key), { version: 1 })] : []),
        ])
      for (const token of [fieldOf(body, 'access_token'), next])
        if (token !== undefined) received.set(token, ends)
      // The page knows the first token only. A provider that does not replace the last one leaves it out of the answer.
      const whole = used.length > 1 ? withToken(body, next) : body
      return { status, headers: new Headers(headers), body: whole }
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

/** Writes a record that outlives every page that still has the credential. */
const putIn = (collection: Collection, key: string, value: unknown): StoreChange => ({
  type: 'put',
  collection,
  record: { key, tags: [], expiresAtMs: Date.now() + REMEMBERED_FOR_MS, value },
})

const withToken = (body: string, token: string | undefined): string =>
  fieldOf(body, 'access_token') === undefined
    ? body
    : JSON.stringify({ ...JSON.parse(body), refresh_token: token })

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
