import { nonceRecordKey, type RecordStore } from '@carnet/core'
import { instant, shape, text } from '@carnet/core/records'
import type { FirstPage } from '../startup/page/first-page.ts'
import { openTabChannel } from '../startup/tabs/channel.ts'

/** The nonce of a server, for messages between tabs and for the store. It is no secret. */
interface NonceNote {
  readonly origin: string
  readonly nonce: string
  /** When the nonce arrived, by the clock of the machine. */
  readonly atMs: number
  /** The greatest age at which the server accepted a nonce. */
  readonly acceptedForMs: number
}

/** The nonces of all servers (RFC 9449 sections 8 and 9), shared by the tabs of a group. */
export interface Nonces {
  current(url: string): string | undefined
  /** Returns true if the answer has a new nonce. */
  take(url: string, headers: Headers): boolean
  /** Reads the nonce that an earlier page got from the server. */
  recall(url: string): Promise<void>
  /** True if the server wants nonces, and the nonce is older than any nonce that the server accepted. */
  isDoubtful(url: string): boolean
  /** Learns whether the server accepted a nonce of this age. */
  learn(url: string, ageMs: number, isAccepted: boolean): void
  /** The age of the nonce, in milliseconds. */
  ageMs(url: string): number
  close(): void
}

/** Every server accepts a nonce that it has just sent. */
const CERTAINLY_GOOD_MS = 500
/** Other tabs need a nonce only if they send requests themselves; each message costs them time. */
const TELL_EVERY_MS = 200
const KEPT_FOR_MS = 90 * 24 * 3_600_000
const MOST_ORIGINS = 100

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
  const notes = new Map<string, NonceNote>()
  const toldAtMs = new Map<string, number>()
  /** The authorization servers: their nonces survive the page. */
  const kept = new Set<string>()
  const channel = openTabChannel<NonceNote>(`${group}|nonces`, hear, page)
  const keyOf = (origin: string) => nonceRecordKey(partition, origin)
  const originOf = (url: string) => new URL(url).origin

  function hear(data: unknown): void {
    const note = noteOf(data)
    if (note && note.atMs > (notes.get(note.origin)?.atMs ?? 0)) remember(note)
  }

  function remember(note: NonceNote): void {
    notes.delete(note.origin)
    const [oldest] = notes.keys()
    if (notes.size >= MOST_ORIGINS && oldest !== undefined) notes.delete(oldest)
    notes.set(note.origin, note)
  }

  function keep(note: NonceNote): void {
    if (!kept.has(note.origin)) return
    const expiresAtMs = note.atMs + KEPT_FOR_MS
    const record = { key: keyOf(note.origin), tags: [], expiresAtMs, value: note }
    store.write([{ type: 'put', collection: 'metadata', record }]).catch(() => undefined)
  }

  return {
    current: (url) => notes.get(originOf(url))?.nonce,

    take(url, headers) {
      const nonce = headers.get('DPoP-Nonce')
      const origin = originOf(url)
      const before = notes.get(origin)
      if (nonce === null || nonce === '' || nonce === before?.nonce) return false
      const atMs = Date.now()
      const note = {
        origin,
        nonce,
        atMs,
        acceptedForMs: before?.acceptedForMs ?? CERTAINLY_GOOD_MS,
      }
      remember(note)
      keep(note)
      if (atMs - (toldAtMs.get(origin) ?? 0) >= TELL_EVERY_MS) {
        toldAtMs.set(origin, atMs)
        channel.post(note)
      }
      return true
    },

    async recall(url) {
      const origin = originOf(url)
      if (kept.has(origin)) return
      kept.add(origin)
      const stored = await store.get('metadata', keyOf(origin)).catch(() => undefined)
      hear(stored?.value)
    },

    isDoubtful(url) {
      const note = notes.get(originOf(url))
      return note !== undefined && Date.now() - note.atMs > note.acceptedForMs
    },

    learn(url, ageMs, isAccepted) {
      const note = notes.get(originOf(url))
      if (!note) return
      const acceptedForMs = isAccepted
        ? Math.max(note.acceptedForMs, ageMs)
        : Math.min(note.acceptedForMs, ageMs / 2)
      remember({ ...note, acceptedForMs })
      keep({ ...note, acceptedForMs })
    },

    ageMs: (url) => Date.now() - (notes.get(originOf(url))?.atMs ?? 0),
    close: channel.close,
  }
}
