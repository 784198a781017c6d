import { nonceRecordKey, type RecordStore } from '@carnet/core'
import {
  apisAt,
  createNonceNotes,
  isOfApis,
  type NonceNote,
  type NonceNotes,
} from '@carnet/core/dpop'
import { instant, shape, text } from '@carnet/core/records'
import type { FirstPage } from '../startup/page/first-page.ts'
import { openTabChannel } from '../startup/tabs/channel.ts'

/** The nonces of all authorization servers, shared by the tabs of a group. */
export interface Nonces extends NonceNotes {
  /** The nonces of APIs. An API and an authorization server on one origin do not know the nonces of each other. */
  readonly ofApis: Pick<NonceNotes, 'current' | 'take'>
  /** Reads the nonce that an earlier page got from the server. */
  recall(url: string): Promise<void>
  close(): void
}

/** Other tabs need a nonce only if they send requests themselves; each message costs them time. */
const TELL_EVERY_MS = 200
const KEPT_FOR_MS = 90 * 24 * 3_600_000

const noteOf = shape<NonceNote>({
  origin: text,
  nonce: text,
  atMs: instant,
  acceptedForMs: instant,
})

/**
 * Creates the nonces of a client.
 *
 * @param group The tabs that share the nonces.
 */
export function createNonces(
  { partition, group }: { readonly partition: string; readonly group: string },
  store: Pick<RecordStore, 'get' | 'write'>,
  page?: Pick<FirstPage, 'onStored' | 'onRestored'>,
): Nonces {
  const toldAtMs = new Map<string, number>()
  /** The authorization servers: their nonces survive the page. */
  const kept = new Set<string>()
  const channel = openTabChannel<NonceNote>(`${group}|nonces`, hear, page)
  function onChange(note: NonceNote, isNew: boolean): void {
    keep(note)
    if (isNew) tell(note)
  }
  const notes = createNonceNotes(Date.now, onChange)
  const ofApis = createNonceNotes(Date.now, onChange, apisAt)
  const keyOf = (origin: string) => nonceRecordKey(partition, origin)

  function hear(data: unknown): void {
    const note = noteOf(data)
    if (note) (isOfApis(note) ? ofApis : notes).hear(note)
  }

  function keep(note: NonceNote): void {
    if (!kept.has(note.origin)) return
    const expiresAtMs = note.atMs + KEPT_FOR_MS
    const record = { key: keyOf(note.origin), tags: [], expiresAtMs, value: note }
    store.write([{ type: 'put', collection: 'metadata', record }]).catch(() => undefined)
  }

  function tell(note: NonceNote): void {
    if (note.atMs - (toldAtMs.get(note.origin) ?? 0) < TELL_EVERY_MS) return
    toldAtMs.set(note.origin, note.atMs)
    channel.post(note)
  }

  return {
    ...notes,
    ofApis,
    async recall(url) {
      const { origin } = new URL(url)
      if (kept.has(origin)) return
      kept.add(origin)
      const stored = await store.get('metadata', keyOf(origin)).catch(() => undefined)
      hear(stored?.value)
    },
    close: channel.close,
  }
}
