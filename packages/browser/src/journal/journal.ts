import { AuthError, digestOf, journalRecordKey, type RecordStore } from '@carnet/core'
import type { Http, HttpInit, KeptAnswer } from '@carnet/core/keeper'
import { flightLockOf, JOURNAL, type JournalAnswer, type JournalEntry } from './entry.ts'
import { parseEntry } from './parse-entry.ts'
import { createReceivedAnswers, refreshTokenIn, type Used } from './received-answers.ts'
import type { Redemption } from './redeem.ts'

/** An older answer serves only for the refresh token in it: its other tokens may have expired. */
const FRESH_FOR_MS = 60_000
/** The wait after a deadline for the last write of a context. */
const GRACE_MS = 2000
const LOOK_AGAIN_MS = 200
/** The same time as in `tabs/lock.ts`: a lock of a page that has ended may go to nobody. */
const ASK_ANEW_MS = 3000
/** More answers than these in a row are a fault. */
const MOST_STEPS = 10

/** Sends a redemption in some context; `undefined` if the journal tells more, or if the context has ended. */
export type Carry = (redemption: Redemption) => Promise<KeptAnswer | undefined>

export interface Journal {
  /** Redeems refresh tokens and authorization codes through the journal, and sends all other requests directly. */
  readonly http: Http
  /** The store, with one addition: a write that stores the tokens of an answer deletes the entry of the answer. */
  wrap<Store extends RecordStore>(store: Store): Store
  /** The record key of the entry of a credential. */
  keyOf(credential: string): Promise<string>
}

/** The fields of a redemption request (RFC 6749 sections 4.1.3 and 6). */
const CREDENTIALS = { refresh_token: 'refresh_token', authorization_code: 'code' } as const

/**
 * Creates the journal of token responses of one client: no answer is lost with its page. The context that sends a redemption
 * writes the answer to the journal first. A later caller finds it there, in this page or in the next one.
 */
export function createJournal(deps: {
  partition: string
  database: string
  store: Pick<RecordStore, 'get' | 'write'>
  http: Http
  timeoutMs: number
  /** An entry is pruned after this time. */
  keptForMs: number
  carry: Carry
}): Journal {
  const { partition, database, http, timeoutMs, keptForMs, carry } = deps
  const received = createReceivedAnswers()
  /** The entries whose answers this page has tried: an answer that failed its checks does not serve again. */
  const tried = new Set<string>()

  const keyOf = async (credential: string): Promise<string> =>
    journalRecordKey(partition, await digestOf(`${partition}|${credential}`))

  const read = async (key: string): Promise<JournalEntry | undefined> =>
    parseEntry((await deps.store.get(JOURNAL, key))?.value)

  const forget = (key: string) => deps.store.write([{ type: 'delete', collection: JOURNAL, key }])

  async function redeem(url: string, init: HttpInit, form: URLSearchParams) {
    const headers = new Headers(init.headers)
    const name = CREDENTIALS[form.get('grant_type') as keyof typeof CREDENTIALS]
    const isCode = name === 'code'
    const endMs = performance.now() + timeoutMs
    const sinceMs = Date.now()
    const request = await digestOf(url + without(form, name) + (init.jkt ?? ''))
    const used: Used[] = []

    /** Takes an answer, unless the provider, or a cache before it, sent the answer to an earlier request again. */
    async function take(answer: Omit<JournalAnswer, 'atMs'>, key: string) {
      if (isCode && isReplaced(await read(key))) throw replaced()
      const next = refreshTokenIn(answer.body)
      const isOld = next !== undefined && used.every(({ credential }) => credential !== next)
      if (isOld && isReplaced(await read(await keyOf(next)))) {
        await forget(key)
        throw new AuthError('invalid_response', 'The answer belongs to an earlier request.')
      }
      return received.note(answer, used, isCode)
    }

    for (let step = 0; step < MOST_STEPS; step++) {
      const credential = form.get(name) ?? ''
      const key = await keyOf(credential)
      used.push({ key, credential })
      const [entry, isOverdue] = await settled(key, read, endMs, timeoutMs)
      // This page slept with the credential. A later request reads the new token. If the token was not replaced, it serves then.
      if (isReplaced(entry) && (isCode || entry.sentAtMs > sinceMs)) throw replaced()
      if (entry?.answer) {
        const next = refreshTokenIn(entry.answer.body)
        if (serves(entry, entry.answer, request, isCode, key)) return take(entry.answer, key)
        if (!isCode && next !== undefined && next !== credential) {
          form.set(name, next)
          continue
        }
        await forget(key)
        if (isCode) throw new AuthError('invalid_response', 'The code was redeemed before.')
      }
      const seenAtMs = entry?.answer ? undefined : entry?.sentAtMs
      const answer = await inTime(
        carry({
          request: { url, headers: [...headers], body: String(form), jkt: keyInWorker(init) },
          // An answer that arrives late is written too: otherwise a rotated token would be lost.
          timeoutMs: isCode ? timeoutMs : timeoutMs * 2,
          entry: { database, key, keptForMs, request, seenAtMs, isOverdue },
        }),
        timeoutMs,
      )
      if (answer) return take(answer, key)
      used.pop()
    }
    throw new AuthError('network_error', 'The token request did not get through.')
  }

  function serves(
    entry: JournalEntry,
    { atMs }: JournalAnswer,
    request: string,
    isCode: boolean,
    key: string,
  ): boolean {
    const isFresh = isCode || Math.abs(Date.now() - atMs) < FRESH_FOR_MS
    if (entry.request !== request || !isFresh || tried.has(key)) return false
    tried.add(key)
    return true
  }

  return {
    keyOf,
    http(url, init) {
      const { body } = init
      const isMeant =
        body instanceof URLSearchParams && (body.get('grant_type') ?? '') in CREDENTIALS
      return isMeant ? redeem(url, init, new URLSearchParams(body)) : http(url, init)
    },
    wrap: received.wrap,
  }
}

/** A page proves a key by a header; without the header, the worker proves the key. */
const keyInWorker = ({ jkt, headers }: HttpInit): string | undefined =>
  new Headers(headers).has('dpop') ? undefined : jkt

const replaced = () =>
  new AuthError('other_tab_failed', 'Another page has redeemed the code or the refresh token.')

/** True for the entry of a code or refresh token whose tokens, or next token, are in the store. */
const isReplaced = (
  entry: JournalEntry | undefined,
): entry is JournalEntry & { readonly sentAtMs: number } =>
  entry?.sentAtMs !== undefined && entry.deadlineMs === undefined

/**
 * Reads an entry, and waits while another context may still write its answer. Also returns true if that context has exceeded
 * its deadline, but not ended: it may be frozen.
 */
async function settled(
  key: string,
  read: (key: string) => Promise<JournalEntry | undefined>,
  endMs: number,
  timeoutMs: number,
): Promise<[JournalEntry | undefined, boolean]> {
  let overMs: number | undefined
  for (;;) {
    const entry = await read(key)
    if (entry?.deadlineMs === undefined || entry.answer) return [entry, false]
    const nowMs = performance.now()
    const restMs = Math.min(Math.max(0, entry.deadlineMs - Date.now()), timeoutMs * 2)
    overMs ??= nowMs + restMs + GRACE_MS
    if (nowMs >= overMs) return [entry, true]
    if (nowMs >= endMs) throw tooLate(timeoutMs)
    if (await landed(key, Math.min(overMs - nowMs, endMs - nowMs, ASK_ANEW_MS)))
      return [await read(key), false]
  }
}

function without(form: URLSearchParams, name: string): string {
  const rest = new URLSearchParams(form)
  rest.delete(name)
  return String(rest)
}

const tooLate = (timeoutMs: number) =>
  new AuthError('timeout', `No response from the token endpoint within ${timeoutMs} ms.`)

/** Waits for an answer for a limited time. The request itself goes on. */
function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(tooLate(limitMs)), limitMs)
    work.finally(() => clearTimeout(timer)).then(resolve, reject)
  })
}

/**
 * Waits until no context sends the request of an entry, for a limited time. Returns false if the time is over, or after a
 * while without Web Locks.
 */
async function landed(key: string, limitMs: number): Promise<boolean> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), Math.max(0, limitMs))
  try {
    const how = { mode: 'shared', signal: patience.signal } as const
    await navigator.locks.request(flightLockOf(key), how, () => undefined)
    return true
  } catch {
    if (!patience.signal.aborted) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
    return false
  } finally {
    clearTimeout(timer)
  }
}
